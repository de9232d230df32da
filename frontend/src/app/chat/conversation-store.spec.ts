import { TestBed } from '@angular/core/testing';
import { LocalDatabase } from '../device/local-database';
import { type Keep } from './arriving';
import { ChatSync } from './chat-sync';
import { type Conversation, type Listed } from './conversation';
import { LocalChat } from './local-chat';
import { ChatRoom, CONVERSATION, entry, ME, message, until } from './testing/chat-room';

describe('a list that is being stored', () => {
  let room: ChatRoom;
  let release: ((isKept: boolean) => void) | undefined;
  const listed = (): Listed => ({ ...room.listedNow(), last: entry(2), run: { from: 1, to: 2 } });
  const kept = async () => (await room.database.table<Conversation>('conversations').get(CONVERSATION))?.held;

  /** Stores two entries once it is told to. */
  const keep: Keep = async after => {
    const isKept = await new Promise<boolean>(resolve => (release = resolve));
    if (isKept) await TestBed.inject(LocalChat).save([entry(1), entry(2)], after);
    return isKept;
  };

  beforeEach(async () => {
    release = undefined;
    room = new ChatRoom();
    await room.start();
    room.signaling.live(ME);
    await until('the conversation', () => room.store.find(CONVERSATION) !== undefined);
    // A look at the list that goes on would fetch what the spec stores.
    await TestBed.inject(ChatSync).all();
    room.messages = [message(1), message(2)];
  });
  afterEach(() => room.close());

  it('holds its entries once they are stored', async () => {
    const storing = room.store.listed([listed()], keep);
    await until('it is about to be stored', () => release !== undefined);
    expect(room.store.find(CONVERSATION)?.held).toBeNull();
    release?.(true);
    await storing;
    expect(room.store.find(CONVERSATION)?.held).toEqual({ from: 1, to: 2 });
    expect(await kept()).toEqual({ from: 1, to: 2 });
  });

  it('shows its last entry opened where that was stored so before', async () => {
    await TestBed.inject(LocalChat).save([entry(2)], []);
    const sealed = { ...entry(2), content: { kind: 'unknown', data: '{}' }, sealed: 'unopened', waits: 2 } as const;
    const storing = room.store.listed([{ ...listed(), last: sealed }], keep);
    await until('it is about to be stored', () => release !== undefined);
    release?.(true);
    await storing;
    expect(room.store.find(CONVERSATION)?.last).toEqual(entry(2));
  });

  it('holds none of them where everything is forgotten meanwhile, and leaves none behind', async () => {
    const storing = room.store.listed([listed()], keep);
    await until('it is about to be stored', () => release !== undefined);
    const forgetting = room.store.forgetAll();
    release?.(true);
    await Promise.all([storing, forgetting]);
    expect(room.store.find(CONVERSATION)).toEqual(jasmine.objectContaining({ held: null, lastSeq: 0 }));
    expect([await kept(), await room.kept()]).toEqual([null, []]);
  });

  it('holds none of them where the database is lost meanwhile', async () => {
    const storing = room.store.listed([listed()], keep);
    await until('it is about to be stored', () => release !== undefined);
    const refused = () => Promise.reject(new DOMException('', 'UnknownError'));
    await expectAsync(TestBed.inject(LocalDatabase).use(refused)).toBeRejected();
    release?.(true);
    await storing;
    expect(room.store.find(CONVERSATION)?.held).toBeNull();
    expect((await TestBed.inject(LocalChat).conversations()).map(({ held }) => held)).toEqual([null]);
  });
});
