import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { inEnglish } from '../../i18n/testing/in-english';
import { Contacts } from '../contacts/contacts';
import { BrowserPush, type NotificationFacts } from '../push/browser-push';
import { Push } from '../push/push';
import { inParts } from './arrived';
import { ArrivedNews } from './arrived-news';
import { ChatSync } from './chat-sync';
import { type Stored } from './conversation';
import { LocalChat } from './local-chat';
import { MessageSearch } from './message-search';
import { Notices } from './notices';
import { OpenConversation } from './open-conversation';
import { ChatRoom, CONVERSATION, entry, ME, message, PEER, retracted, until } from './testing/chat-room';

describe('a message that is retracted', () => {
  let room: ChatRoom;
  const conversation = () => room.store.find(CONVERSATION);
  const row = async (seq: number) =>
    (await room.database.table<Stored>('messages').toArray()).find(one => one.seq === seq);

  beforeEach(() => {
    room = new ChatRoom();
    room.messages = [1, 2, 3].map(seq => message(seq));
    room.listed = { unread: 3 };
  });
  afterEach(() => room.close());

  async function online(): Promise<void> {
    await room.start();
    room.signaling.live(ME);
    await until('three', () => conversation()?.held?.to === 3 && TestBed.inject(ChatSync).done());
    await until('kept', async () => (await room.kept()).length === 3);
  }
  /** The server forgets it, and says so unless this device is away. */
  function retract(seq: number, told = true): void {
    const place = retracted(seq);
    room.messages = room.messages.map(one => (one.seq === seq ? place : one));
    room.retracted.push(place);
    room.listed = { unread: (room.listed.unread ?? 0) - 1 };
    if (told) room.signaling.frames.next({ type: 'chat.retracted', n: 1, message: place });
  }
  const isGone = async (seq: number) => {
    await until(`${seq} is gone`, async () => {
      const kept = await row(seq);
      return kept !== undefined && 'retracted' in kept;
    });
    expect(await row(seq)).toEqual(retracted(seq));
  };

  it('leaves its place alone: not what it said, not unread, not the last line, not to be found', async () => {
    await online();
    expect((await firstValueFrom(TestBed.inject(MessageSearch).find('message 3'))).length).toBe(1);
    const asked = room.requests.length;
    retract(3);
    await isGone(3);
    expect([conversation()?.unread, conversation()?.last?.seq, conversation()?.active]).toEqual([2, 2, entry(2).at]);
    expect(conversation()?.lastSeq).toBe(3);
    expect(await firstValueFrom(TestBed.inject(MessageSearch).find('message 3'))).toEqual([]);
    // Told once more, it changes nothing.
    room.signaling.frames.next({ type: 'chat.retracted', n: 2, message: retracted(3) });
    retract(2);
    await isGone(2);
    expect([conversation()?.unread, conversation()?.last?.seq]).toEqual([1, 1]);
    retract(1);
    await isGone(1);
    expect([conversation()?.unread, conversation()?.last]).toEqual([0, null]);
    expect(room.requests.length).withContext('nothing had to be asked').toBe(asked);
  });

  it('goes from where it is drawn', async () => {
    TestBed.configureTestingModule({ providers: [OpenConversation] });
    await online();
    const open = TestBed.inject(OpenConversation);
    open.open(CONVERSATION);
    await until('drawn', () => open.messages().length === 3);
    retract(2);
    await until('replaced', () => open.messages().some(one => 'retracted' in one));
    expect(open.messages()).toEqual([entry(1), retracted(2), entry(3)]);
  });

  it('takes no new data, where it comes before the message or the message comes again', async () => {
    await online();
    room.messages = [...room.messages, message(4)];
    retract(4);
    room.signaling.frames.next({ type: 'chat.message', n: 2, message: message(4) });
    room.signaling.frames.next({ type: 'chat.message', n: 3, message: message(5) });
    await until('five', async () => (await row(5)) !== undefined);
    await isGone(4);
    expect(conversation()?.last?.seq).toBe(5);
    room = room.reload();
    await room.start();
    await room.store.heard(entry(4));
    await isGone(4);
  });

  it('is learned of after a time away, once, by asking for what is behind the last number', async () => {
    await online();
    room.signaling.lost();
    retract(3, false);
    retract(1, false);
    room.signaling.live(ME);
    await isGone(3);
    await isGone(1);
    await until('counted', () => conversation()?.unread === 1);
    expect([conversation()?.last?.seq, conversation()?.retractions]).toEqual([2, 2]);
    room = room.reload();
    await room.start();
    expect(conversation()?.retractions).toBe(2);
    retract(2, false);
    room.signaling.live(ME);
    await isGone(2);
    expect(room.requests.filter(path => path.includes('/retractions'))).toEqual([
      `/api/conversations/${CONVERSATION}/retractions?after=2&limit=100`,
    ]);
  });

  it('does not come back with a list or a page that was asked for before', async () => {
    await online();
    await room.store.retracted(CONVERSATION, [retracted(3)]);
    const listed = { ...room.listedNow(), last: entry(3), unread: 3, run: { from: 1, to: 3 } };
    const entries = [1, 2, 3].map(seq => entry(seq));
    await room.store.listed([listed], async (after, gone) => {
      for (const part of inParts(entries, after, gone)) await TestBed.inject(LocalChat).save(part.entries, part.after);
      return true;
    });
    await room.store.paged(CONVERSATION, [entry(2), entry(3)]);
    await isGone(3);
    expect([conversation()?.last?.seq, conversation()?.unread]).toEqual([2, 2]);
  });

  it('asks the server what is unread and last where this device cannot know', async () => {
    room.messages = Array.from({ length: 200 }, (_, i) => message(i + 1));
    room.listed = { unread: 200 };
    await room.start();
    room.signaling.live(ME);
    await until('the newest page', () => conversation()?.held?.to === 200);
    await until('listed', () => TestBed.inject(ChatSync).done());
    retract(5);
    await until('the server was asked', () => conversation()?.unread === 199);
    await isGone(5);
  });

  it('is not posted again after a backup was restored', async () => {
    room.messages = [message(1, ME), message(2, ME)];
    room.listed = { unread: 0 };
    await room.start();
    room.signaling.live(ME);
    await until('two', async () => (await room.kept()).length === 2);
    retract(2);
    await isGone(2);
    room.signaling.lost();
    room.messages = [message(1, ME), retracted(2, ME)];
    room.signaling.live(ME, 'new', 'another');
    await until('fetched again', async () => (await row(2)) !== undefined && conversation()?.held?.to === 2);
    await until('listed', () => room.requests.filter(path => path.includes('recent')).length > 1);
    expect(room.signaling.saidOf('chat.post')).toEqual([]);
    expect(room.posts.waiting()).toEqual([]);
  });

  it('is news no more', async () => {
    TestBed.configureTestingModule({ providers: [{ provide: Contacts, useValue: { person: () => PEER } }] });
    await inEnglish();
    await online();
    const news = TestBed.inject(ArrivedNews);
    room.messages = [...room.messages, message(4)];
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(4) });
    await until('news', () => news.latest() !== null);
    retract(3);
    await isGone(3);
    expect(news.latest()?.text).toBe('message 4');
    retract(4);
    await until('no news', () => news.latest() === null);
  });

  it('is taken out of notifications, this page’s and the worker’s', async () => {
    const closed: NotificationFacts[] = [];
    const facts = [
      { type: 'message', conversationId: CONVERSATION, seq: 4 },
      { type: 'message', conversationId: CONVERSATION, seq: 5 },
      { type: 'message', conversationId: CONVERSATION },
    ];
    const closeWhere = async (isOver: (one: NotificationFacts) => boolean) => void closed.push(...facts.filter(isOver));
    TestBed.configureTestingModule({
      providers: [
        { provide: Contacts, useValue: { person: () => PEER } },
        { provide: BrowserPush, useValue: { closeWhere, show: async () => true } },
        { provide: Push, useValue: { turnOn: async () => undefined, state: signal('off') } },
      ],
    });
    await inEnglish();
    const shown: { body: string; close: jasmine.Spy }[] = [];
    const real = window.Notification;
    const fake = function (this: object, _title: string, { body }: { body: string }) {
      const one = { body, close: jasmine.createSpy('close') };
      shown.push(one);
      return one;
    };
    Object.assign(fake, { permission: 'granted' });
    Object.defineProperty(window, 'Notification', { value: fake, configurable: true, writable: true });
    spyOnProperty(document, 'visibilityState').and.returnValue('hidden');
    try {
      TestBed.inject(Notices);
      await online();
      room.messages = [...room.messages, message(4)];
      room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(4) });
      await until('shown', () => shown.length === 1);
      retract(3);
      await isGone(3);
      expect(shown[0]?.close).not.toHaveBeenCalled();
      retract(4);
      await isGone(4);
      expect(shown[0]?.close).toHaveBeenCalledTimes(1);
      expect(closed).toEqual([{ type: 'message', conversationId: CONVERSATION, seq: 4 }]);
    } finally {
      Object.defineProperty(window, 'Notification', { value: real, configurable: true, writable: true });
    }
  });
});
