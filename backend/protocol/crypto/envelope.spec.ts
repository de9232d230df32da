import fc from 'fast-check';
import { ENTRY_TYPE, openEnvelope, plaintextOf, type EnvelopeFields, type Outside } from '#protocol/crypto/envelope';
import { type Content } from '#protocol/content/kinds';
import { type DeviceAddress } from '#protocol/ids';
import { anyText } from '#protocol/testing/any-text';
import { anId } from '#protocol/testing/ids';

const SEED = { seed: 20261130, numRuns: 500 };
const id = (digit: string) => anId<never>(`${digit.repeat(8)}-0000-4000-8000-000000000000`);

const HASH = 'A'.repeat(43);
const mira: DeviceAddress = { userId: id('1'), deviceId: id('2') };
const key = { conversationId: id('3'), authorId: mira.userId, id: id('4') };
const outside: Outside = { key, deviceId: mira.deviceId, counts: true };
const fields: EnvelopeFields = {
  conversationId: key.conversationId,
  author: mira,
  id: key.id,
  time: 1_700_000_000_000,
  counter: 1,
  seen: { upTo: 0, count: 0, hash: HASH },
  devices: { number: 1, hash: HASH },
};
const text: Content = { kind: 'text', body: 'hello' };

/** As the library hands out what it has decrypted. */
const decrypted = (content: Content = text, change: object = {}, type = ENTRY_TYPE): string =>
  JSON.stringify({ type, content: { ...JSON.parse(plaintextOf(fields, content)!), ...change }, sender: '@x:parley' });
const refusal = (plaintext: string, changed: Partial<Outside> = {}, proved = mira) => {
  const opened = openEnvelope(plaintext, { ...outside, ...changed }, proved);
  return opened.ok ? 'opened' : opened.error;
};

describe('the envelope inside a plaintext', () => {
  it('gives back what was sealed, whatever it says', () => {
    fc.assert(
      fc.property(anyText(2_000), body => {
        const content: Content = { kind: 'text', body: body.toWellFormed() || 'x' };
        const opened = openEnvelope(decrypted(content), outside, mira);
        expect(opened.ok && opened.value.content).toEqual(content);
      }),
      SEED,
    );
  });

  it('EE1b is refused under another conversation, author, device or id than it names inside', () => {
    expect(refusal(decrypted())).toBe('opened');
    expect(refusal(decrypted(), { key: { ...key, conversationId: id('9') } })).toBe('other-conversation');
    expect(refusal(decrypted(), { key: { ...key, authorId: id('9') } })).toBe('other-author');
    expect(refusal(decrypted(), { deviceId: id('9') })).toBe('other-device');
    expect(refusal(decrypted(), { key: { ...key, id: id('9') } })).toBe('other-entry');
  });

  it('EE1c is refused where the keys prove another person or device than it names', () => {
    expect(refusal(decrypted(), {}, { ...mira, userId: id('9') })).toBe('other-author');
    expect(refusal(decrypted(), {}, { ...mira, deviceId: id('9') })).toBe('other-device');
  });

  it('EE1a is refused where it was encrypted for another purpose, is no envelope, or is of a newer app', () => {
    expect(refusal(decrypted(text, {}, 'm.room.message'))).toBe('other-purpose');
    expect(refusal(decrypted(text, { version: 2 }))).toBe('newer');
    expect(refusal(decrypted(text, { version: 0 }))).toBe('unreadable');
    expect(refusal(decrypted(text, { counter: 0 }))).toBe('unreadable');
    for (const odd of ['', 'null', '[]', '7', '{"type":"parley.entry"}']) expect(refusal(odd)).not.toBe('opened');
  });

  it('EE1d is refused where it edits, deletes or reacts to an entry of another conversation', () => {
    const target = { ...key, id: id('5') };
    const elsewhere = { ...target, conversationId: id('9') };
    for (const [aim, expected] of [
      [target, 'opened'],
      [elsewhere, 'target-elsewhere'],
    ] as const) {
      expect(refusal(decrypted({ kind: 'edit', target: aim, body: 'x', edition: 1 }))).toBe(expected);
      expect(refusal(decrypted({ kind: 'deletion', target: aim, edition: 1 }))).toBe(expected);
      expect(refusal(decrypted({ kind: 'reaction', target: aim, emoji: '👍', edition: 1 }))).toBe(expected);
    }
  });

  it('notes where the clear text lies about counting', () => {
    const lies = (counts: boolean) => {
      const opened = openEnvelope(decrypted(), { ...outside, counts }, mira);
      return opened.ok && opened.value.liesAboutCounting;
    };
    expect([lies(true), lies(false)]).toEqual([false, true]);
  });

  it('seals content of a newer app as it came, and refuses what is no object', () => {
    const data = '{"kind":"hologram","shape":[1]}';
    const opened = openEnvelope(decrypted({ kind: 'unknown', data }), outside, mira);
    expect(opened.ok && opened.value.content).toEqual({ kind: 'unknown', data });
    for (const odd of ['', 'x', '[]', '"text"']) expect(plaintextOf(fields, { kind: 'unknown', data: odd })).toBeNull();
  });

  it('reads any text without an error, and opens none that was not sealed', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(200), fc.json()), odd => {
        expect(refusal(odd)).not.toBe('opened');
      }),
      SEED,
    );
  });
});
