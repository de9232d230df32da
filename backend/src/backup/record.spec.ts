import { randomUUID } from 'node:crypto';
import { AVATAR_BYTES } from '#protocol/api/account';
import type { DeviceId, UserId } from '#protocol/ids';
import { KEYRING_BYTES } from '#protocol/keys/limits';
import { keyUserOf } from '#protocol/keys/objects';
import { FRAME_BYTES } from '#protocol/limits';
import { applied, NO_KEYRING, type Keyring } from '../keys/keyring.ts';
import { aKey, newDeviceKeys, signedBy } from '../testing/key-objects.ts';
import { newId } from '../testing/new-id.ts';
import { BackupError } from './backup-error.ts';
import { Counting, differences } from './census.ts';
import { fromLines, LINE_CHARS, toLines } from './lines.ts';
import { readEntry, readMachine } from './record.ts';

const [id, other] = [randomUUID(), randomUUID()];
const message = {
  kind: 'message',
  seq: 1,
  id,
  author: { userId: id, deviceId: id },
  at: 1,
  counts: true,
  data: 'text',
  withheldFrom: [],
  retracted: false,
  expiresAt: null,
};
const user = {
  kind: 'user',
  id,
  username: 'ada',
  displayName: 'Ada',
  passwordHash: 'hash',
  role: 'user',
  disabled: false,
  settings: { readReceipts: true },
  callsSeen: 0,
  createdAt: 1,
};
const avatar = { kind: 'avatar', userId: id, version: '0123456789abcdef', type: 'image/png', base64: 'AAAA' };

const isMalformed = (error: unknown): boolean => error instanceof BackupError && error.fault === 'malformed';

async function* bytesOf(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text, 'latin1');
}
async function read(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('A line of a backup', () => {
  it('is read as it was written, wherever it was torn apart', async () => {
    const entries = [user, { ...message, data: 'é\n"😀' }, avatar];
    const text = Buffer.concat((await read(toLines(bytesFrom(entries)))) as Buffer[]);
    const torn = async function* () {
      for (const byte of text) yield Buffer.from([byte]);
    };
    expect((await read(fromLines(torn()))).map(readEntry)).toEqual(entries.map(readEntry));
  });

  const refused: [string, object][] = [
    ['an unknown kind', { kind: 'invitation', id }],
    ['a property nobody knows', { ...user, admin: true }],
    ['a property that is missing', { ...user, role: undefined }],
    ['an id that is a path', { ...user, id: '../../etc/passwd' }],
    ['a username that nobody can have', { ...user, username: 'Ada' }],
    ['a name longer than any that was ever kept', { ...user, displayName: 'x'.repeat(257) }],
    ['a role that is not there', { ...user, role: 'root' }],
    ['a version that is a path', { ...avatar, version: '../x' }],
    ['a picture of another type', { ...avatar, type: 'image/svg+xml' }],
    ['a picture that is too big', { ...avatar, base64: 'AAAA'.repeat(AVATAR_BYTES / 2) }],
    ['a picture that is no base64', { ...avatar, base64: 'A' }],
    ['a message that is too long', { ...message, data: 'x'.repeat(FRAME_BYTES + 1) }],
    ['a place that is no number', { ...message, seq: '1' }],
    ['a place below zero', { ...message, seq: -1 }],
    ['a place beyond all numbers', { ...message, seq: 2 ** 60 }],
    ['a message withheld from very many', { ...message, withheldFrom: Array.from({ length: 9 }, () => id) }],
  ];
  for (const [title, line] of refused) {
    it(`is refused with ${title}`, () => expect(() => readEntry(line)).toThrowMatching(isMalformed));
  }

  it('is refused as a first line where it says nothing of the installation', () => {
    expect(() => readMachine(user)).toThrowMatching(isMalformed);
    const ports = { https: 8443, http: 70_000 };
    const machine = { kind: 'machine', madeAt: 1, root: null, vapidKey: null, ports };
    expect(() => readMachine(machine)).toThrowMatching(isMalformed);
    expect(readMachine({ ...machine, ports: null })).toEqual(jasmine.objectContaining({ ports: null }));
  });

  it('is refused where it is no text, no JSON, unfinished or endless', async () => {
    await expectAsync(read(fromLines(bytesOf('{"a":\n')))).toBeRejectedWithError(BackupError, /cannot be read/);
    await expectAsync(read(fromLines(bytesOf('"\xff"\n')))).toBeRejectedWithError(BackupError, /cannot be read/);
    await expectAsync(read(fromLines(bytesOf('{}\n', '{}')))).toBeRejectedWithError(BackupError, /not whole/);
    const endless = Array.from({ length: 40 }, () => 'x'.repeat(LINE_CHARS / 32));
    await expectAsync(read(fromLines(bytesOf(...endless)))).toBeRejectedWithError(BackupError, /too long/);
  });

  it('is not written where it would not be read again', async () => {
    const long = { ...message, data: 'x'.repeat(LINE_CHARS) };
    await expectAsync(read(toLines(bytesFrom([long])))).toBeRejectedWithError(BackupError, /too long/);
  });

  it('KY16 has room for all that a person can have published', async () => {
    const me = newId<UserId>();
    const put = (ring: Keyring) => {
      const deviceId = newId<DeviceId>();
      const keys = { ...newDeviceKeys(me, deviceId), unsigned: 'x'.repeat(7_000) };
      const [published, answer] = applied('putDeviceKeys', ring, { id: deviceId, keys });
      return { published, answer, keys };
    };
    let last = put(NO_KEYRING);
    for (let i = 0; i < 100 && last.answer === 'kept'; i++) last = put(last.published);
    expect(last.answer).toBe('no-room');
    const { dehydrated, ...kept } = last.published;
    expect([kept.devices.length > 50, dehydrated]).toEqual([true, []]);
    const line = readEntry({ kind: 'keyring', userId: me, ...kept });
    expect((await read(fromLines(toLines(bytesFrom([line]))))).map(readEntry)).toEqual([line]);
    // One that is too long, as an older version could keep it, still gets shorter.
    const whole = { ...NO_KEYRING, secrets: { number: 1, sealed: { is: 'x'.repeat(KEYRING_BYTES) } } };
    const sealed = { number: 2, sealed: {} };
    expect(applied('putSecrets', whole, sealed)).toEqual([{ ...whole, secrets: sealed }, 'kept']);
  });

  it('KY16 has an object with as many signatures as it has room for', () => {
    const me = newId<UserId>();
    const deviceId = newId<DeviceId>();
    const keys = { ...newDeviceKeys(me, deviceId), unsigned: 'x'.repeat(7_000) };
    let [ring] = applied('putDeviceKeys', NO_KEYRING, { id: deviceId, keys });
    const sign = () => {
      const object = { ...keys, signatures: signedBy(me, aKey()) };
      [ring] = applied('addSignatures', ring, {
        user: me,
        signed: { [keyUserOf(me)]: { [deviceId]: object } },
        others: [],
      });
      return Object.keys(ring.devices[0]?.keys.signatures[keyUserOf(me)] ?? {}).length;
    };
    const counts = Array.from({ length: 20 }, sign);
    expect([counts[0], counts[19]! > 2, counts[19]! < 10]).toEqual([2, true, true]);
    const { dehydrated: _, ...kept } = ring;
    expect(() => readEntry({ kind: 'keyring', userId: me, ...kept })).not.toThrow();
  });

  it('counts the same in any order, and differs where anything does', () => {
    const census = (...entries: object[]) => {
      const counting = new Counting();
      for (const entry of entries) counting.add(readEntry(entry));
      return counting.census;
    };
    const eve = { ...user, id: other, username: 'eve' };
    expect(differences(census(user, eve), census(eve, user))).toEqual([]);
    expect(differences(census(user, eve), census(user))).toEqual(['user']);
    expect(differences(census(user, avatar), census({ ...user, callsSeen: 1 }, avatar))).toEqual(['user']);
    const pair = { kind: 'pair', revision: 0, members: [], relation: null, blocks: [], openedAt: 1 };
    const under = (one: string) => census({ ...pair, id }, { ...pair, id: other }, message, { ...pair, id: one });
    expect(differences(under(id), census({ ...pair, id }, message, { ...pair, id: other }, { ...pair, id }))).toEqual([
      'message',
    ]);
  });
});

async function* bytesFrom(entries: readonly object[]): AsyncGenerator<object> {
  yield* entries;
}
