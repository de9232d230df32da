import { type CallId, GUEST, type UserId } from '#protocol/ids';
import { doorProof } from '#protocol/call-frames';
import { fitsFrame } from '#protocol/bytes';
import { guestCodeOf } from './guest-code.ts';
import { callOf, doorOf, GuestSeal, newSecret, readSecret } from './guest-link.ts';
import { commitment, NONCE_BYTES } from './spoken-code.ts';
import { base64 } from './bytes.ts';

const HEINRICH = `${GUEST}11111111-1111-4111-8111-111111111111` as UserId;
const OTHER = `${GUEST}22222222-2222-4222-8222-222222222222` as UserId;
const CALL = '33333333-3333-4333-8333-333333333333' as CallId;
const SECRET = newSecret();
const said = (data: string, link = 1) => ({ type: 'call.offer', link, data }) as const;

describe('The link of a guest', () => {
  it('CA40b has 128 bits, of which door and call come and to which nothing leads back', async () => {
    const secrets = Array.from({ length: 50 }, newSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets.slice(0, 5)) {
      expect(readSecret(secret)).toBe(secret);
      const [door, call] = [await doorOf(secret), await callOf(secret)];
      expect(doorProof.safeParse(door).success).toBeTrue();
      expect([await doorOf(secret), await callOf(secret)]).toEqual([door, call]);
      expect(door).not.toContain(secret.slice(0, 6));
    }
    for (const wrong of [null, '', 'short', `${SECRET}x`, SECRET.slice(1), `${SECRET.slice(1)} `])
      expect(readSecret(wrong)).toBeNull();
  });

  it('CA40b gives this door and call for this secret, in every version', async () => {
    const secret = 'AAECAwQFBgcICQoLDA0ODw';
    expect<unknown>(await callOf(secret)).toBe('ebeec862-393f-4168-a6a6-a38f79ed0d6f');
    expect(await doorOf(secret)).toBe('xQ1QpZDmJVvbmGyVMNYvfamHHl5GQaPMbjnGHw4e9vU');
  });
});

describe('What a guest and their host say', () => {
  const ends = (guest = HEINRICH) => ({
    host: new GuestSeal(SECRET, CALL, guest, 'host'),
    guest: new GuestSeal(SECRET, CALL, guest, 'guest'),
  });

  it('CA43a is opened by the other one alone, in both directions', async () => {
    const { host, guest } = ends();
    for (const data of ['x', 'ä'.repeat(9_000), '{"sdp":"v=0"}']) {
      expect(await guest.open(said(await host.seal(said(data))))).toBe(data);
      expect(await host.open(said(await guest.seal(said(data))))).toBe(data);
    }
    const own = await host.seal(said('x'));
    expect(await host.open(said(own))).toBeNull();
    expect(fitsFrame(own)).toBeTrue();
  });

  it('CA43a is never heard twice, nor behind what came later', async () => {
    const { host, guest } = ends();
    const [first, second] = [await host.seal(said('1')), await host.seal(said('2'))];
    expect(await guest.open(said(second))).toBe('2');
    expect(await guest.open(said(second))).toBeNull();
    expect(await guest.open(said(first))).toBeNull();
    expect(await guest.open(said(await host.seal(said('3'))))).toBe('3');
  });

  it('CA43a is bound to its type, link, counter, call, guest and secret', async () => {
    const { host, guest } = ends();
    const sealed = await host.seal(said('x'));
    expect(await guest.open(said(sealed, 2))).toBeNull();
    expect(await guest.open({ ...said(sealed), type: 'call.answer' })).toBeNull();
    expect(await guest.open(said(sealed.replace(/^1/, '2')))).toBeNull();
    expect(await ends(OTHER).guest.open(said(sealed))).toBeNull();
    expect(await new GuestSeal(newSecret(), CALL, HEINRICH, 'guest').open(said(sealed))).toBeNull();
    const call = '44444444-4444-4444-8444-444444444444' as CallId;
    expect(await new GuestSeal(SECRET, call, HEINRICH, 'guest').open(said(sealed))).toBeNull();
    expect(await guest.open(said(sealed))).toBe('x');
  });

  it('CA43a is nothing where it is no such text, and costs what comes later nothing', async () => {
    const { host, guest } = ends();
    const whole = await host.seal(said('x'));
    for (const wrong of [
      '',
      '{}',
      '1.a.b',
      `0${whole}`,
      whole.slice(0, -2),
      `${whole}.x`,
      whole.replace('.', ''),
      '9'.repeat(30),
    ])
      expect(await guest.open(said(wrong)))
        .withContext(wrong)
        .toBeNull();
    expect(await guest.open(said(whole))).toBe('x');
  });
});

describe('The code of a guest’s call', () => {
  const nonce = base64(new Uint8Array(NONCE_BYTES).fill(7));
  const fingerprints = { fingerprint: 'AA', peerFingerprint: 'BB' };
  const peer = { userId: HEINRICH, deviceId: '55555555-5555-4555-8555-555555555555' as never };
  const seen = async (as: 'caller' | 'callee', more: object = {}) => {
    const own = as === 'caller' ? fingerprints : { fingerprint: 'BB', peerFingerprint: 'AA' };
    return { callId: CALL, as, peer, ...own, commitment: await commitment(nonce), nonce, ...more };
  };

  it('CA43b is the same at both ends, and another one where somebody sits between', async () => {
    const [his, hers] = [
      await guestCodeOf(SECRET, await seen('caller'), 'guest'),
      await guestCodeOf(SECRET, await seen('callee'), 'host'),
    ];
    if (!his.ok || !hers.ok) throw new Error('no code');
    expect(his.value.emoji).toEqual(hers.value.emoji);
    const between = await guestCodeOf(SECRET, await seen('callee', { peerFingerprint: 'CC' }), 'host');
    const other = await guestCodeOf(newSecret(), await seen('callee'), 'host');
    for (const code of [between, other]) expect(code.ok && code.value.emoji).not.toEqual(his.value.emoji);
  });

  it('CA43b is not there for a nonce that was not committed to', async () => {
    const changed = await seen('callee', { nonce: base64(new Uint8Array(NONCE_BYTES).fill(8)) });
    expect(await guestCodeOf(SECRET, changed, 'host')).toEqual({ ok: false, error: 'not-committed' });
  });
});
