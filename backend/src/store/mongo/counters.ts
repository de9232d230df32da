import type { MongoBase } from './base.ts';
import type { CounterDocument } from './documents.ts';
import { upserted } from './faults.ts';

/** Takes the next number; one that comes to nothing leaves a gap, which is no harm where numbers are only compared. */
export async function nextCount({ counters }: MongoBase, _id: CounterDocument['_id']): Promise<number> {
  const raised = await upserted(() =>
    counters.findByIdAndUpdate(_id, { $inc: { count: 1 } }, { upsert: true, returnDocument: 'after' }).lean(),
  );
  return raised.count;
}

/** The highest number taken; what this server has now. */
export const presentCount = async ({ counters }: MongoBase, _id: CounterDocument['_id']): Promise<number> =>
  (await counters.findById(_id).readConcern('local').lean())?.count ?? 0;
