import { fingerprintOf } from '#protocol/crypto/fingerprint';

const hash = (first: string, bytes = 32): string => [first, ...Array.from({ length: bytes - 1 }, () => 'AB')].join(':');
const sdp = (...lines: string[]): string =>
  ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', ...lines.map(line => `a=fingerprint:${line}`), ''].join('\r\n');

describe('the fingerprint of a description', () => {
  it('CA37b: is one by SHA-256, however often it is said', () => {
    expect(fingerprintOf(sdp(`sha-256 ${hash('01')}`))).toEqual({ ok: true, value: hash('01') });
    const repeated = sdp(`sha-256 ${hash('01')}`, `SHA-256 ${hash('01').toLowerCase()}`);
    expect(fingerprintOf(repeated)).toEqual({ ok: true, value: hash('01') });
    expect(fingerprintOf(sdp(`sha-256 ${hash('01')}`).replaceAll('\r\n', '\n')).ok).toBeTrue();
  });

  it('CA37b: is refused where there is none, where there are two, and by another hash', () => {
    const refused = {
      none: [sdp(), ''],
      several: [sdp(`sha-256 ${hash('01')}`, `sha-256 ${hash('02')}`)],
      'not-sha-256': [
        sdp(`sha-1 ${hash('01', 20)}`),
        sdp(`sha-256 ${hash('01')}`, `sha-1 ${hash('01', 20)}`),
        sdp(`sha-256 ${hash('01', 31)}`),
        sdp(`sha-256 ${hash('01', 33)}`),
        sdp(`sha-256 ${hash('01')} ${hash('02')}`),
        sdp('sha-256 '),
      ],
    };
    for (const [error, cases] of Object.entries(refused))
      for (const one of cases) expect(fingerprintOf(one)).toEqual({ ok: false, error: error as never });
  });
});
