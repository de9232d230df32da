import { drawableOf } from '../crypto/drawable';
import { type Rewrite } from '../device/local-tables';

/** What an older app has kept of a message: as it came from the server, of a wire on which each message counts. */
interface KeptMessage {
  readonly senderId?: string;
  readonly deviceId?: string;
  readonly data?: string;
}

/** An older app kept what was said as it travels, and decoded it where it was drawn; from version 6 on it is kept decoded. */
export async function decodeKept(rewrite: Rewrite): Promise<void> {
  await rewrite('messages', decodedEntry);
  await rewrite('posts', decodedPost);
  await rewrite('conversations', row => {
    const { last, ...others } = row as { last?: unknown };
    return { ...others, last: last ? decodedEntry(last) : null };
  });
  await rewrite('chatFacts', row => {
    const { value, ...others } = row as { value?: unknown };
    return { ...others, value: Array.isArray(value) ? value.map(decodedEntry) : value };
  });
}

/** A withheld place has no data, and stays. */
function decodedEntry(row: unknown): object {
  const { senderId, deviceId, data, ...others } = row as KeptMessage;
  if (data === undefined) return others;
  return { ...others, author: { userId: senderId, deviceId }, counts: true, content: drawableOf(data) };
}

function decodedPost(row: unknown): object {
  const { data, ...others } = row as { data?: string };
  return data === undefined ? others : { ...others, counts: true, content: drawableOf(data) };
}
