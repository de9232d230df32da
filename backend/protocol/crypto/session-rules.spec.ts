import { provedBy, type Provenance } from '#protocol/crypto/provenance';
import { placeUse } from '#protocol/crypto/replay';
import { ROTATE_MS, rotationDue } from '#protocol/crypto/rotation';
import { anId } from '#protocol/testing/ids';

describe('the use of a place in a session', () => {
  const key = { conversationId: anId<never>('c'), authorId: anId<never>('mira'), id: anId<never>('m1') };

  it('EE3a, EE3b is the first, a repeat of the same entry, or a replay under another one', () => {
    expect(placeUse(undefined, key)).toBe('first');
    expect(placeUse(key, { ...key })).toBe('repeat');
    expect(placeUse(key, { ...key, id: anId('m2') })).toBe('replay');
    expect(placeUse(key, { ...key, conversationId: anId('d') })).toBe('replay');
    expect(placeUse(key, { ...key, authorId: anId('jonas') })).toBe('replay');
  });
});

describe('the rotation of a session', () => {
  const use = { count: 89, since: 1_000, last: 2_000 };

  it('EE8a is due at 90 messages, after 6 days, and when the clock went back', () => {
    expect(rotationDue(use, 3_000)).toBeNull();
    expect(rotationDue({ ...use, count: 90 }, 3_000)).toBe('messages');
    expect(rotationDue(use, 1_000 + ROTATE_MS - 1)).toBeNull();
    expect(rotationDue(use, 1_000 + ROTATE_MS)).toBe('age');
    expect(rotationDue(use, 1_999)).toBe('clock');
    expect(rotationDue({ ...use, last: 0 }, 999)).toBe('clock');
  });
});

describe('the record that travels with a session', () => {
  const record: Provenance = {
    userId: anId('mira'),
    deviceId: anId('phone'),
    ed25519: 'E',
    curve25519: 'C',
    masterKey: 'M',
  };
  const keys = { senderCurve25519Key: 'C', senderClaimedEd25519Key: 'E' };
  const said = { userId: record.userId, deviceId: record.deviceId };

  it('EE7b proves the device that it names, and refuses other keys and another author', () => {
    expect(provedBy(record, keys, said)).toEqual({ ok: true, value: said });
    const error = (...args: Parameters<typeof provedBy>) => {
      const proved = provedBy(...args);
      return proved.ok ? null : proved.error;
    };
    expect(error(record, { ...keys, senderCurve25519Key: 'X' }, said)).toBe('other-keys');
    expect(error(record, { ...keys, senderClaimedEd25519Key: 'X' }, said)).toBe('other-keys');
    expect(error(record, keys, { ...said, userId: anId('jonas') })).toBe('other-author');
    expect(error(record, keys, { ...said, deviceId: anId('laptop') })).toBe('other-author');
  });
});
