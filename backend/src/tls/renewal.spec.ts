import { renewalReason, type LeafOnDisk } from './renewal.ts';

const day = 86_400_000;
const names = { dns: ['localhost'], ip: ['192.168.1.2'] };
const whole = { state: 'whole', notBefore: 0, notAfter: 397 * day, names, isSignedByRoot: true } as const;

describe('A leaf is issued again', () => {
  const cases: readonly [string, LeafOnDisk, number, ReturnType<typeof renewalReason>][] = [
    ['when there is none', { state: 'missing' }, day, 'missing'],
    ['when it is half-written', { state: 'half-written' }, day, 'half-written'],
    ['when another root signed it', { ...whole, isSignedByRoot: false }, day, 'foreign'],
    ['when it is of tomorrow', { ...whole, notBefore: 2 * day }, day, 'not-yet-valid'],
    ['when it has run out', whole, 397 * day, 'expired'],
    ['when 30 days are left', whole, 367 * day, 'expires-soon'],
    ['when an address is gone', { ...whole, names: { ...names, ip: [] } }, day, 'names-changed'],
    ['when a name has come', { ...whole, names: { ...names, dns: [] } }, day, 'names-changed'],
    ['not a moment earlier', whole, 367 * day - 1, undefined],
    ['not at its first moment', whole, 0, undefined],
  ];
  for (const [title, leaf, now, reason] of cases) {
    it(title, () => expect(renewalReason(leaf, names, now)).toBe(reason));
  }
});
