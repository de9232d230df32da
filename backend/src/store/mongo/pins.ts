import type { Unbound } from './base.ts';
import { upserted } from './faults.ts';
import type { Store } from '../store.ts';

export const pinVerbs: Unbound<Pick<Store, 'pin'>> = {
  async pin({ pins }, _id, value) {
    // A write even where it changes nothing: what it tells is as durable as what the first one was told.
    const kept = await upserted(() =>
      pins.findOneAndUpdate({ _id }, { $setOnInsert: { value } }, { upsert: true, returnDocument: 'after' }).lean(),
    );
    return kept.value;
  },
};
