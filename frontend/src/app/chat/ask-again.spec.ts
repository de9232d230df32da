import { TestBed } from '@angular/core/testing';
import { type Message } from '#protocol/chat-frames';
import { dataOf, textOf } from '#protocol/content/kinds';
import { ASK_TYPE, GIVE_TYPE } from '#protocol/crypto/asking-again';
import { type DeviceAddress } from '#protocol/ids';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { AskAgain, ASKED_EACH_MS } from './ask-again';
import { isEntry } from './conversation';
import { LocalChat } from './local-chat';
import { ChatRoom, CONVERSATION, ME, message, PEER, until } from './testing/chat-room';

const ids = ['0a0a0a0a-0000-4000-8000-000000000001', '0a0a0a0a-0000-4000-8000-000000000002'];
const PEERS_PHONE: DeviceAddress = { userId: PEER.id, deviceId: anId('other') };
const STRANGER: DeviceAddress = { userId: anId('0b0b0b0b-0000-4000-8000-000000000001'), deviceId: anId('x') };

/** As the library writes it, of just now. */
const sealed = (seq: number): Message => ({
  ...message(seq),
  id: anId(ids[seq - 1]!),
  at: Date.now(),
  data: JSON.stringify({ algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'AwgAEg', session_id: `s${seq}` }),
});

describe('a device without a key', () => {
  let room: ChatRoom;
  let sent: { to: DeviceAddress; type: string; content: unknown }[];

  beforeEach(() => {
    room = new ChatRoom();
    sent = [];
    room.keys.verbs['send'] = (input: (typeof sent)[number]) => (sent.push(input), ok(null));
    room.keys.verbs['read'] = () => err('no-key');
  });
  afterEach(() => room.close());

  /** The app runs, and the server has these. */
  async function start(messages: readonly Message[]): Promise<void> {
    TestBed.inject(AskAgain);
    await room.start();
    room.messages = [...messages];
    room.signaling.live(ME);
    await until('stored', () => room.store.find(CONVERSATION)?.held?.to === messages.length);
  }

  const hears = (from: DeviceAddress, type: string, content: unknown) =>
    room.keys.events.next([{ from, type, content, number: 1 }]);
  const kept = async () =>
    (await TestBed.inject(LocalChat).between(CONVERSATION, 0, Infinity)).filter(isEntry).map(entry => ({
      said: textOf(entry.content),
      sealed: entry.sealed,
    }));
  const settled = () => until('acted on', () => room.keys.acted > 0);

  it('EE13a asks the device that has written it, once, and shows what that says', async () => {
    await start([sealed(1), sealed(2)]);
    room.keys.came.next();
    await until('asked', () => sent.length > 0);
    expect(sent).toEqual([
      {
        to: PEERS_PHONE,
        type: ASK_TYPE,
        content: { version: 1, conversationId: CONVERSATION, ids: [...ids].reverse() },
      },
    ]);
    room.keys.came.next();
    hears(PEERS_PHONE, GIVE_TYPE, {
      version: 1,
      conversationId: CONVERSATION,
      entries: [{ id: ids[0], data: dataOf({ kind: 'text', body: 'said once more' }) }],
    });
    await until('opened', async () => (await kept())[0]?.said === 'said once more');
    expect((await kept())[1]).toEqual({ said: null, sealed: 'no-key' });
    expect(sent.length).withContext('not twice within a minute').toBe(1);
  });

  it('EE13a asks once more in a while where nothing was said, and a handful of times at most', async () => {
    TestBed.overrideProvider(ASKED_EACH_MS, { useValue: 20 });
    await start([sealed(1)]);
    room.keys.came.next();
    await until('asked five times', () => sent.length === 5);
    room.keys.came.next();
    hears(PEERS_PHONE, 'nothing known', {});
    await settled();
    expect(sent.length).toBe(5);
  });

  it('EE13a counts no asking that the network has lost', async () => {
    TestBed.overrideProvider(ASKED_EACH_MS, { useValue: 20 });
    const { send } = room.keys.verbs;
    let lost = 0;
    room.keys.verbs['send'] = () => {
      lost++;
      throw new Error('no network');
    };
    await start([sealed(1)]);
    room.keys.came.next();
    // Five are counted.
    await until('lost', () => lost === 5);
    room.keys.verbs['send'] = send!;
    room.keys.came.next();
    await until('asked', () => sent.length > 0);
  });

  it('EE13a asks nobody while the backup is being read', async () => {
    room.keys.isRestored.set(false);
    await start([sealed(1)]);
    room.keys.came.next();
    hears(PEERS_PHONE, 'nothing known', {});
    await settled();
    expect(sent).toEqual([]);
  });

  it('EE13c takes nothing from another person than the author, and nothing for what it can read', async () => {
    await start([sealed(1), { ...message(2), id: anId(ids[1]!) }]);
    const entries = ids.map(id => ({ id, data: dataOf({ kind: 'text', body: 'forged' }) }));
    hears(STRANGER, GIVE_TYPE, { version: 1, conversationId: CONVERSATION, entries });
    hears(PEERS_PHONE, GIVE_TYPE, { version: 1, conversationId: CONVERSATION, entries: [entries[1]] });
    await until('both were acted on', () => room.keys.acted === 2);
    expect(await kept()).toEqual([
      { said: null, sealed: 'no-key' },
      { said: 'message 2', sealed: undefined },
    ]);
  });

  it('EE13b is answered what this person has written, as a member, and not more often than each half minute', async () => {
    await start([
      { ...message(1, ME), id: anId(ids[0]!) },
      { ...message(2), id: anId(ids[1]!) },
    ]);
    const asks = { version: 1, conversationId: CONVERSATION, ids };
    hears(STRANGER, ASK_TYPE, asks);
    hears(PEERS_PHONE, ASK_TYPE, asks);
    hears(PEERS_PHONE, ASK_TYPE, asks);
    hears(PEERS_PHONE, ASK_TYPE, { version: 1, conversationId: CONVERSATION, ids: 'all' });
    await until('all were acted on', () => room.keys.acted === 4);
    expect(sent).toEqual([
      {
        to: PEERS_PHONE,
        type: GIVE_TYPE,
        content: {
          version: 1,
          conversationId: CONVERSATION,
          entries: [{ id: ids[0], data: dataOf({ kind: 'text', body: 'message 1' }) }],
        },
      },
    ]);
  });
});
