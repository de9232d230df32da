import { TestBed } from '@angular/core/testing';
import { type Message } from '#protocol/chat-frames';
import { dataOf, type Content } from '#protocol/content/kinds';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { Codec, type Unsealed } from './codec';
import { KeysDouble, provideKeys } from './testing/keys-double';

const ID = '0a0a0a0a-0000-4000-8000-00000000000a';
/** As the library writes it: version 3, index 0. */
const SEALED = JSON.stringify({ algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'AwgAEg', session_id: 'session' });

const message = (data: string, seq = 1): Message => ({
  conversationId: anId(ID),
  seq,
  id: anId(ID),
  author: { userId: anId(ID), deviceId: anId(ID) },
  at: 1,
  counts: true,
  data,
});
const KNOWN = { how: 'signed', written: 1, opened: 2 } as const;
const text = (body: string): Content => ({ kind: 'text', body });
const unsealed = (content: Content): Unsealed => ({
  conversationId: anId(ID),
  members: [],
  id: anId(ID),
  time: 1,
  content,
});

describe('Codec', () => {
  let keys: KeysDouble;
  const codec = () => TestBed.inject(Codec);

  beforeEach(() => {
    keys = new KeysDouble();
    TestBed.configureTestingModule({ providers: [provideKeys(keys)] });
  });

  it('seals by the machine, and not at all while this device is not one of its person', async () => {
    expect(await codec().seal(unsealed(text('hello')))).toEqual(ok(dataOf(text('hello'))));
    for (const state of ['unknown', 'none', 'locked', 'removed', 'replaced'] as const) {
      keys.state.set(state);
      expect(await codec().seal(unsealed(text('hello')))).toEqual(err({ why: 'not-signed-in' }));
    }
  });

  it('opens by the machine, and says why where it does not', async () => {
    keys.verbs['read'] = () => ok({ content: text('see {{text}} \u202e'), known: KNOWN });
    expect(await codec().open(message(SEALED))).toEqual({ content: text('see {{text}} \u202e'), known: KNOWN });
    keys.verbs['read'] = () => err('no-key');
    expect(await codec().open(message(SEALED))).toEqual({
      content: { kind: 'unknown', data: SEALED },
      sealed: 'no-key',
    });
  });

  it('leaves an entry for later while the machine is closed, or fails', async () => {
    const later = { content: { kind: 'unknown', data: SEALED }, sealed: 'unopened' } as const;
    keys.verbs['read'] = () => {
      throw new Error('ended');
    };
    expect(await codec().open(message(SEALED))).toEqual(later);
    keys.hasOpened.set(false);
    expect(await codec().open(message(SEALED))).toEqual(later);
  });

  it('takes plain messages up to the place where their person began to encrypt, and no other', async () => {
    const plain = message(dataOf(text('old')), 7);
    expect((await codec().open(plain)).content).toEqual(text('old'));
    keys.plain.set({ [ID]: 7 });
    expect((await codec().open(plain)).content).toEqual(text('old'));
    expect((await codec().open({ ...plain, seq: 8 })).sealed).toBe('plain');
    keys.plain.set({});
    expect((await codec().open(plain)).sealed).toBe('plain');
    keys.plain.set(null);
    expect((await codec().open(plain)).sealed).toBe('unopened');
  });

  it('waits for keys that are on their way before it says of a new entry that there is no key', async () => {
    let isThere = false;
    keys.verbs['read'] = () => (isThere ? ok({ content: text('hello'), known: KNOWN }) : err('no-key'));
    keys.isDue = () => true;
    let settled = 0;
    keys.settled = async () => void (isThere = ++settled > 1);
    expect(await codec().openNew(message(SEALED))).toEqual({ content: text('hello'), known: KNOWN });
  });

  it('F1a keeps what this app does not draw, or cannot read, as it came', async () => {
    const target = { conversationId: ID, authorId: ID, id: ID };
    const deletion = JSON.stringify({ kind: 'deletion', target, edition: 1 });
    for (const data of [deletion, '{"kind":"hologram"}', 'no JSON', '']) {
      const opened = await codec().open(message(data));
      expect(opened).toEqual({ content: { kind: 'unknown', data } });
      expect(dataOf(opened.content)).toBe(data);
    }
  });

  it('F1b keeps a field of a text that only a newer app knows', async () => {
    const data = JSON.stringify({ kind: 'text', body: 'hello', mentions: ['u'] });
    const { content } = await codec().open(message(data));
    expect(content.kind).toBe('text');
    expect(JSON.parse(dataOf(content))).toEqual(JSON.parse(data));
  });
});
