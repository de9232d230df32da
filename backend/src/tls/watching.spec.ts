import type { Certificates } from './certificates.ts';
import { afterLook, nothingYet, type Watching, type WatchEffect } from './watching.ts';

const root = { pem: '', der: Buffer.alloc(0), hash: 'a', fingerprint: '', localName: '' };
const first: Certificates = { cert: '1', key: '', names: ['nas'], leftOut: [], expires: 1, root };
const second: Certificates = { ...first, cert: '2', issued: 'names-changed' };
const vpn = { host: '10.8.0.2', reason: 'tunnel' } as const;
const opened = (certificates: Certificates) => ({ type: 'opened', certificates }) as const;

/** Plays looks one after the other; answers with what each brought about. */
function play(...looks: Parameters<typeof afterLook>[1][]): string[][] {
  let watching: Watching = nothingYet;
  const words = (effect: WatchEffect) =>
    effect.type === 'serve' ? `serve ${effect.certificates.cert}` : `${effect.level}: ${effect.text}`;
  return looks.map(look => {
    const [after, effects] = afterLook(watching, look);
    watching = after;
    return effects.map(words);
  });
}

describe('watched certificates', () => {
  it('are served once, and again when they are others', () => {
    expect(play(opened(first), opened(first), opened(second), opened({ ...first, cert: '3' }))).toEqual([
      ['serve 1'],
      [],
      ['info: certificate issued', 'serve 2'],
      ['serve 3', 'info: certificate read anew'],
    ]);
  });

  it('name what is left out once, and again when it is something else', () => {
    const line = 'info: Not in the certificate: 10.8.0.2 (VPN or tunnel).';
    const out = opened({ ...first, leftOut: [vpn] });
    expect(play(out, out, opened(first), out)).toEqual([[line, 'serve 1'], [], [], [line]]);
  });

  it('stay as they are where a look fails, which is said once until it ends', () => {
    const failed = { type: 'failed', why: 'no.' } as const;
    const looks = play(opened(first), failed, failed, opened(first), failed, { type: 'failed', why: 'never.' });
    expect(looks).toEqual([['serve 1'], ['error: no.'], [], [], ['error: no.'], ['error: never.']]);
  });

  it('say once why a new one was not taken', () => {
    const kept = opened({ ...first, kept: 'it fails its check.' });
    expect(play(kept, kept, opened(second))).toEqual([
      ['serve 1', 'warn: it fails its check.'],
      [],
      ['info: certificate issued', 'serve 2'],
    ]);
  });

  it('say that a new root must be trusted, too', () => {
    const [, effects] = play(opened(first), opened({ ...second, root: { ...root, hash: 'b' } }));
    expect(effects).toContain(
      'warn: There is a new root: every phone and browser that trusted the older one must trust it anew.',
    );
  });
});
