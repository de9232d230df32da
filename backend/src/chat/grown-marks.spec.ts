import type { UserId } from '#protocol/ids';
import { newId } from '../testing/new-id.ts';
import { grownMarks } from './grown-marks.ts';

describe('Marks', () => {
  const userId = newId<UserId>();
  const before = { userId, received: 5, read: 3 };

  for (const { says, asked, becomes } of [
    { says: 'grow to what is said', asked: { received: 7, read: 4 }, becomes: [7, 4, true] },
    { says: 'stay where nothing is said', asked: {}, becomes: [5, 3, false] },
    { says: 'never go back', asked: { received: 1, read: 1 }, becomes: [5, 3, false] },
    { says: 'end at the last place', asked: { received: 99, read: 99 }, becomes: [9, 9, true] },
    { says: 'count what is read as received', asked: { read: 8 }, becomes: [8, 8, true] },
    { says: 'grow where only what is read does', asked: { read: 5 }, becomes: [5, 5, true] },
    { says: 'grow where only what is received does', asked: { received: 6 }, becomes: [6, 3, true] },
  ] as const)
    it(says, () => {
      const [received, read, grew] = becomes;
      expect(grownMarks(before, asked, 9)).toEqual({ marks: { userId, received, read }, grew });
    });
});
