import type { Filling, Kept, Reading } from '../store/transfer.ts';
import { BackupError } from './backup-error.ts';
import { Counting, differences, type Census } from './census.ts';
import { readEntry } from './record.ts';
import { pour } from './restore-backup.ts';

export type MoveOptions = { from: Reading; fill: () => Promise<Filling>; readBack: () => Promise<Reading> };

/**
 * Puts everything of one store into another, reads it back from there, and compares. What it was read from stays.
 * @throws BackupError `differs`, StoreError
 */
export async function moveStore({ from, fill, readBack }: MoveOptions): Promise<Census> {
  const filling = await fill();
  let moved: Census;
  try {
    moved = await pour(inOneForm(from.everything()), filling, entry => entry);
    await filling.finish();
  } finally {
    await filling.close();
  }
  const there = await readBack();
  try {
    const counting = new Counting();
    for await (const entry of inOneForm(there.everything())) counting.add(entry);
    const others = differences(moved, counting.census);
    if (others.length > 0) throw new BackupError('differs', `Of what was moved the ${others.join(', ')} differ.`);
  } finally {
    await there.close();
  }
  return moved;
}

async function* inOneForm(entries: AsyncIterable<Kept>): AsyncGenerator<Kept> {
  for await (const entry of entries) yield readEntry(entry);
}
