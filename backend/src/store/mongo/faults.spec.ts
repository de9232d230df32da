import mongoose from 'mongoose';
import { passes } from '../store-error.ts';
import { insertedBefore, isAway, storeError } from './faults.ts';

const { MongoBulkWriteError, MongoDriverError, MongoExpiredSessionError, MongoNetworkError, MongoParseError } =
  mongoose.mongo;
const { MongoServerError } = mongoose.mongo;

/** As the driver makes it, which does not export it. */
class PoolClosed extends MongoDriverError {
  override get name(): string {
    return 'MongoPoolClosedError';
  }
}

describe('what MongoDB says when it fails', () => {
  const nothingWritten = { insertedCount: 0 } as mongoose.mongo.BulkWriteResult;

  it('is that it is away, also of a write of many that was on its way', () => {
    const cut = new MongoNetworkError('connection 7 to 127.0.0.1:27017 closed');
    const ended = new MongoExpiredSessionError();
    const noMajorityYet = new MongoServerError({ message: 'majority reads are currently not possible', code: 134 });
    const wrapped = new MongoBulkWriteError(cut, nothingWritten);
    for (const error of [cut, ended, noMajorityYet, new PoolClosed(''), wrapped]) {
      expect(isAway(error)).withContext(error.name).toBeTrue();
      expect(storeError('appendMessage', error).fault).withContext(error.name).toBe('unreachable');
      expect(insertedBefore(error)).withContext(error.name).toBeNull();
    }
  });

  it('M7a is that it passes where the server, its disk or its user is at fault', () => {
    const full = ['full', 8000, 12501, 14031] as const;
    const overloaded = ['overloaded', 24, 46, 50, 112, 146, 365] as const;
    const refused = ['refused', 13, 18] as const;
    for (const [fault, ...codes] of [full, overloaded, refused]) {
      for (const code of codes) {
        const error = storeError('appendMessage', new MongoServerError({ message: 'no', code }));
        expect([error.fault, passes(error)])
          .withContext(String(code))
          .toEqual([fault, true]);
      }
    }
    const labelled = new MongoServerError({ message: 'no', code: 1, errorLabels: ['RetryableWriteError'] });
    expect(passes(storeError('appendMessage', labelled))).toBeTrue();
    for (const code of [2, 9, 14, 121, 10334, 11000]) {
      const error = storeError('appendMessage', new MongoServerError({ message: 'no', code }));
      expect([error.fault, passes(error)])
        .withContext(String(code))
        .toEqual(['failed', false]);
    }
  });

  it('is a failure of its own where it is not away', () => {
    const tooLarge = new MongoBulkWriteError({ message: 'object to insert too large', code: 10334 }, nothingWritten);
    const misread = new MongoParseError('option tls is not supported');
    for (const error of [tooLarge, misread, new TypeError('no such thing')]) {
      expect(storeError('appendMessage', error).fault).withContext(error.name).toBe('failed');
    }
  });
});
