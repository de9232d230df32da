import fc from 'fast-check';
import { type UserId, type ConversationId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import {
  isBefore,
  judgeLast,
  linkOf,
  nextManifest,
  NO_LINK,
  openManifest,
  sealManifest,
  type HandedBatch,
} from './backup-manifest.ts';
import { type BackupRecord } from '#protocol/keys/api';
import { firstIndexOf, matrixRoom, openRecord, readsMore, sealRecord, type SessionRecord } from './backup-record.ts';
import { base64, fields, fromBase64, random, type Bytes } from './bytes.ts';
import { boxKey, open, seal } from './sealed-box.ts';
import { newBundleKey, openSecrets, recoveryKey, sealSecrets, type Secrets } from './secrets-bundle.ts';

const SEED = { seed: 20261130, numRuns: 200 };
const MIRA = anId<UserId>('mira');
const CONVERSATION = anId<ConversationId>('c');
const bytes = (maxLength = 200) => fc.uint8Array({ maxLength }).map(array => new Uint8Array(array));
const flipped = (text: string, at: number): string => {
  const changed = fromBase64(text)!;
  const index = at % changed.length;
  changed[index] = changed[index]! ^ 1;
  return base64(changed);
};
const errorOf = <E>(result: { ok: true } | { ok: false; error: E }): E | 'opened' =>
  result.ok ? 'opened' : result.error;

describe('fields in one text of bytes', () => {
  it('differ wherever the lists of fields do', () => {
    const lists = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(base64(fields(...one)) === base64(fields(...other))).toBe(isSame);
      }),
      SEED,
    );
  });

  it('reads base 64 that it wrote, and no other text', () => {
    fc.assert(
      fc.property(bytes(), array => {
        expect(fromBase64(base64(array))).toEqual(array);
      }),
      SEED,
    );
    expect(fromBase64('%')).toBeNull();
  });
});

describe('a sealed box', () => {
  it('opens with its key and in its place alone, and not with a flipped byte', async () => {
    const [key, otherKey] = [await boxKey(random(32)), await boxKey(random(32))];
    await fc.assert(
      fc.asyncProperty(bytes(), bytes(20), fc.nat(), async (plaintext, place, at) => {
        const box = await seal(key, plaintext, place);
        expect(await open(key, box, place)).toEqual({ ok: true, value: plaintext });
        const changed = fromBase64(flipped(base64(box), at))!;
        expect(errorOf(await open(key, changed, place))).toBe('tampered');
        expect(errorOf(await open(otherKey, box, place))).toBe('tampered');
        expect(errorOf(await open(key, box, fields('elsewhere', place)))).toBe('tampered');
        expect(errorOf(await open(key, box.slice(0, at % 28), place))).toBe('tampered');
      }),
      { ...SEED, numRuns: 50 },
    );
  });
});

describe('a session in the backup', () => {
  const sessionKey = (index: number): string => {
    const key = new Uint8Array(165);
    key[0] = 1;
    new DataView(key.buffer).setUint32(1, index);
    return base64(key);
  };
  const content = (index = 5, sessionId = 's1'): SessionRecord => ({
    session: { room_id: matrixRoom(CONVERSATION), session_id: sessionId, session_key: sessionKey(index) },
    provenance: { userId: MIRA, deviceId: anId('phone'), ed25519: 'E', curve25519: 'C', masterKey: 'M' },
  });
  const place = { userId: MIRA, version: 'v1', conversationId: CONVERSATION, sessionId: 's1', firstIndex: 5 };

  it('comes back with the record of who it is from', async () => {
    // The record's ids are parsed as ids.
    const uuid = '11111111-0000-4000-8000-000000000000';
    const proved = {
      ...content(),
      provenance: { ...content().provenance!, userId: anId<UserId>(uuid), deviceId: anId<never>(uuid) },
    };
    const key = await boxKey(random(32));
    expect(firstIndexOf(proved.session)).toBe(5);
    expect(await openRecord(key, place, await sealRecord(key, place, proved))).toEqual({ ok: true, value: proved });
  });

  it('EE9a is refused in any other place, of another version, and with a flipped byte', async () => {
    const key = await boxKey(random(32));
    const sealed = await sealRecord(key, place, { ...content(), provenance: null });
    expect(errorOf(await openRecord(key, place, sealed))).toBe('opened');
    for (const other of [
      { userId: anId<UserId>('jonas') },
      { version: 'v2' },
      { conversationId: anId<ConversationId>('d') },
      { sessionId: 's2' },
      { firstIndex: 4 },
    ]) {
      expect(errorOf(await openRecord(key, { ...place, ...other }, sealed))).toBe('tampered');
    }
    for (let at = 0; at < 40; at++) expect(errorOf(await openRecord(key, place, flipped(sealed, at)))).toBe('tampered');
    expect(errorOf(await openRecord(key, place, ''))).toBe('tampered');
  });

  it('is not sealed in the place of another session', async () => {
    const key = await boxKey(random(32));
    await expectAsync(sealRecord(key, place, content(6))).toBeRejectedWithError(/own place/);
    await expectAsync(sealRecord(key, place, content(5, 's2'))).toBeRejectedWithError(/own place/);
  });

  it('takes the place of none that reads more', () => {
    expect([readsMore(undefined, 5), readsMore(5, 4), readsMore(5, 5), readsMore(5, 6)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the manifests of a backup', () => {
  const records: BackupRecord[] = ['a', 'b', 'c'].map((session, index) => ({
    conversationId: CONVERSATION,
    session,
    index,
    sealed: `box ${session}`,
  }));
  const sealedBatch = async (key: CryptoKey) => {
    const manifest = await nextManifest({ number: 6, count: 20, hash: 'link' }, records);
    return { manifest, number: 7, sealed: await sealManifest(key, MIRA, 'v1', manifest), records };
  };

  it('EE9b hold for their records in any order, and not for fewer, more or exchanged ones', async () => {
    const key = await boxKey(random(32));
    const batch = await sealedBatch(key);
    const check = async (change: Partial<HandedBatch>) =>
      errorOf(await openManifest(key, MIRA, 'v1', { ...batch, ...change }));
    expect(batch.manifest.count).toBe(23);
    expect(await check({ records: records.toReversed() })).toBe('opened');
    expect(await check({ records: records.slice(1) })).toBe('other-records');
    expect(await check({ records: [...records, records[0]!] })).toBe('other-records');
    expect(await check({ records: records.map(one => ({ ...one, sealed: 'box a' })) })).toBe('other-records');
    expect(await check({ number: 8 })).toBe('other-records');
    expect(await check({ sealed: flipped(batch.sealed, 30) })).toBe('tampered');
    expect(errorOf(await openManifest(key, MIRA, 'v2', batch))).toBe('tampered');
  });

  it('EE9b, EE9c name the one before, so that none can be left out, and are refused where the last is older than is known', async () => {
    const one = await nextManifest(NO_LINK, records);
    const two = await nextManifest(await linkOf(one), []);
    const three = await nextManifest(await linkOf(two), records);
    const other = await nextManifest(NO_LINK, records.slice(1));
    const [first, second, elsewhere] = [await linkOf(one), await linkOf(two), await linkOf(other)];
    expect([isBefore(NO_LINK, one), isBefore(first, two), isBefore(second, three)]).toEqual([true, true, true]);
    for (const before of [elsewhere, second, NO_LINK]) expect(isBefore(before, two)).toBeFalse();
    expect(isBefore(first, three)).toBeFalse();
    expect(errorOf(await judgeLast(two, null))).toBe('opened');
    expect(errorOf(await judgeLast(two, await linkOf(one)))).toBe('opened');
    expect(errorOf(await judgeLast(two, await linkOf(three)))).toBe('lower-number');
    expect(errorOf(await judgeLast(other, await linkOf(one)))).toBe('other-records');
  });
});

describe('the bundle of a person’s secrets', () => {
  const secrets: Secrets = {
    crossSigning: { master: 'M', selfSigning: 'S', userSigning: 'U' },
    backup: { version: 'V', key: 'B' },
    plainUpTo: { c: 7 },
  };
  const recovery: Bytes = new Uint8Array(16).fill(9);
  const made = async () => {
    const [key, byPassword] = [newBundleKey(), await boxKey(random(32))];
    const keys = { key, byPassword, byRecovery: await recoveryKey(recovery) };
    return { key, byPassword, sealed: await sealSecrets(MIRA, 3, secrets, keys) };
  };

  it('EE10a opens by the password and by the recovery code, and by no other', async () => {
    const { byPassword, sealed } = await made();
    const opened = await openSecrets(MIRA, sealed, { by: 'password', key: byPassword }, 3);
    expect(opened.ok && opened.value.secrets).toEqual(secrets);
    const recovered = await openSecrets(MIRA, sealed, { by: 'recovery', secret: recovery }, null);
    expect(recovered.ok && recovered.value.secrets).toEqual(secrets);
    const wrong = await boxKey(random(32));
    expect(errorOf(await openSecrets(MIRA, sealed, { by: 'password', key: wrong }, null))).toBe('not-opened');
    expect(errorOf(await openSecrets(MIRA, sealed, { by: 'recovery', secret: random(16) }, null))).toBe('not-opened');
  });

  it('is refused where it is older than one that is known, another person’s, or changed anywhere', async () => {
    const { byPassword, sealed } = await made();
    const opener = { by: 'password', key: byPassword } as const;
    expect(errorOf(await openSecrets(MIRA, sealed, opener, 4))).toBe('lower-number');
    expect(errorOf(await openSecrets(anId('jonas'), sealed, opener, 3))).toBe('not-opened');
    expect(errorOf(await openSecrets(MIRA, { ...sealed, number: 4 }, opener, 3))).toBe('not-opened');
    expect(errorOf(await openSecrets(MIRA, { ...sealed, box: flipped(sealed.box, 20) }, opener, 3))).toBe('not-opened');
    const wrapped = { ...sealed, byPassword: flipped(sealed.byPassword, 20) };
    expect(errorOf(await openSecrets(MIRA, wrapped, opener, 3))).toBe('not-opened');
    expect(errorOf(await openSecrets(MIRA, { ...sealed, byRecovery: 7 }, opener, 3))).toBe('unreadable');
    expect(errorOf(await openSecrets(MIRA, null, opener, 3))).toBe('unreadable');
    // The password does not open what only the code may, and the reverse.
    const exchanged = { ...sealed, byPassword: sealed.byRecovery! };
    expect(errorOf(await openSecrets(MIRA, exchanged, opener, 3))).toBe('not-opened');
  });
});
