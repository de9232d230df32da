import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { type ClientCall } from '#protocol/call-client-state';
import { dataOf } from '#protocol/content/kinds';
import { type ChatMessage, MOST_PROVISIONAL, readChatMessage, writeChatMessage } from '#protocol/direct/chat-messages';
import { type ConversationId, type MessageId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { Call } from '../call/call';
import { CallLink } from '../call/call-link';
import { PeerChannel } from '../call/peer-channel';
import { LinkPair } from '../call/testing/link-pair';
import { Contacts } from '../contacts/contacts';
import { inEnglish } from '../../i18n/testing/in-english';
import { Signaling } from '../signaling/signaling';
import { ArrivedNews } from './arrived-news';
import { Arriving } from './arriving';
import { DirectChat } from './direct-chat';
import { DirectEntries } from './direct-entries';
import { LocalChat } from './local-chat';
import { ChatRoom, CONVERSATION, ME, message, PEER, until } from './testing/chat-room';

const idOf = (n: number) => anId<MessageId>(`0190c0de-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);
const text = (body: string) => dataOf({ kind: 'text', body });
const copy = (n: number, body = `copy ${n}`): ChatMessage => ({
  type: 'copy',
  conversationId: CONVERSATION,
  id: idOf(n),
  data: text(body),
});
/** The entry of that copy, as the server tells it. */
const entryOf = (n: number, seq: number) => ({ ...message(seq, PEER.id, `copy ${n}`), id: idOf(n) });

describe('Messages between two devices in a call', () => {
  let room: ChatRoom;
  let pair: LinkPair;
  let heard: ChatMessage[];
  const channel = signal<PeerChannel | null>(null);
  const entries = () => TestBed.inject(DirectEntries);
  const shown = () =>
    entries()
      .all()
      .map(({ content }) => (content.kind === 'text' ? content.body : content.kind));
  const kept = () => TestBed.inject(LocalChat).direct();

  /** The other end, which a spec writes by hand. */
  const far = () => pair.callee.channels[1]!;
  const says = (said: ChatMessage | string) => far().send(typeof said === 'string' ? said : writeChatMessage(said));
  const closes = () => until('the channel is closed', () => far().readyState === 'closed');
  const answered = (n: number) =>
    until('it is answered', () => heard.some(one => one.type === 'answer' && one.id === idOf(n)));

  async function connect(): Promise<void> {
    pair?.close();
    channel.set(null);
    TestBed.tick();
    pair = new LinkPair();
    heard = [];
    pair.caller.link.release();
    await pair.makeChannels();
    far().onmessage = ({ data }: MessageEvent<string>) => {
      const read = readChatMessage(data);
      if (read.ok) heard.push(read.value);
    };
    channel.set(new PeerChannel(pair.caller.channels[1]!));
    TestBed.tick();
    await pair.flushUntil('the channel is open', () => far().readyState === 'open');
  }

  beforeEach(async () => {
    room = new ChatRoom();
    const call = signal<ClientCall>({ state: 'joined', callId: 'call', peerId: PEER.id } as unknown as ClientCall);
    TestBed.configureTestingModule({
      providers: [
        { provide: Call, useValue: { state: call } },
        { provide: CallLink, useValue: { chat: channel } },
        { provide: Contacts, useValue: { person: () => PEER } },
      ],
    });
    await inEnglish();
    await room.start();
    room.signaling.live(ME);
    await until('the conversation', () => room.store.find(CONVERSATION) !== undefined);
    const needs = {
      call: TestBed.inject(Call),
      link: TestBed.inject(CallLink),
      posts: room.posts,
      store: room.store,
      entries: entries(),
      arriving: TestBed.inject(Arriving),
      signaling: TestBed.inject(Signaling),
    };
    TestBed.runInInjectionContext(() => new DirectChat(needs));
    await connect();
    room.signaling.lost();
    TestBed.tick();
  });
  afterEach(async () => {
    pair.close();
    await room.close();
  });

  describe('as their author', () => {
    const write = (body: string) => {
      room.posts.write(CONVERSATION, { kind: 'text', body });
      TestBed.tick();
    };
    const answer = (kept: boolean) => {
      const last = heard.at(-1)!;
      says({ type: 'answer', conversationId: CONVERSATION, id: last.id, kept });
    };

    it('DC1a go over the channel only while the session is down, one at a time, and are posted all the same', async () => {
      room.signaling.live(ME);
      TestBed.tick();
      write('by the server');
      await until('it is posted', () => room.signaling.saidOf('chat.post').length === 1);
      room.signaling.lost();
      TestBed.tick();
      await until('the first is handed over', () => heard.length === 1);
      write('one');
      write('two');
      answer(true);
      await until('the next', () => heard.length === 2);
      expect(heard.map(one => (one.type === 'copy' ? one.data : one.type))).toEqual([
        text('by the server'),
        text('one'),
      ]);
      answer(true);
      await until('the last', () => heard.length === 3);
      answer(false);
      await until(
        'two are over there',
        () => room.posts.waiting().filter(one => one.trouble === 'direct').length === 2,
      );
      room.signaling.live(ME);
      TestBed.tick();
      await until('the first goes to the server', () => room.signaling.saidOf('chat.post').length === 2);
      expect(room.signaling.saidOf('chat.post').at(-1)?.id).toBe(heard[0]!.id);
    });

    it('DC1b are sent again on another channel where no answer came', async () => {
      write('one');
      await until('it is sent', () => heard.length === 1);
      const { id } = heard[0]!;
      await connect();
      await until('it is sent again', () => heard.length === 1);
      expect(heard[0]!.id).toBe(id);
      answer(true);
      await until('it is over there', () => room.posts.waiting()[0]?.trouble === 'direct');
      await connect();
      write('two');
      await until('the next', () => heard.length === 1);
      expect(heard[0]).toEqual(jasmine.objectContaining({ data: text('two') }));
    });

    it('DC2 wait for the server where they are about another entry', async () => {
      const target = { conversationId: CONVERSATION, authorId: ME, id: idOf(1) };
      room.posts.write(CONVERSATION, { kind: 'reaction', target, edition: 1, emoji: '👍' });
      write('words');
      await until('the words', () => heard.length > 0);
      expect(heard).toEqual([jasmine.objectContaining({ data: text('words') })]);
    });

    it('DC5 are withdrawn where they are deleted before the server had them', async () => {
      write('one');
      await until('it is sent', () => heard.length === 1);
      answer(true);
      await until('it is over there', () => room.posts.waiting()[0]?.trouble === 'direct');
      room.posts.delete(heard[0]!.id);
      await until('it is withdrawn', () => heard.length === 2);
      expect(heard[1]).toEqual({ type: 'withdrawn', conversationId: CONVERSATION, id: heard[0]!.id });
    });
  });

  describe('as their receiver', () => {
    it('DC3b, DC3c are kept on the disk as the other person’s, once, not counted, and never posted', async () => {
      says(copy(1));
      says(copy(1, 'something else'));
      says(copy(2));
      await answered(2);
      expect(shown()).toEqual(['copy 1', 'copy 2']);
      expect((await kept()).map(({ authorId }) => authorId)).toEqual([PEER.id, PEER.id]);
      expect(room.store.find(CONVERSATION)?.unread).toBe(0);
      expect(room.posts.waiting()).toEqual([]);
      expect(room.signaling.saidOf('chat.post')).toEqual([]);
    });

    it('DC3a are kept nowhere but in the conversation with the person in the call', async () => {
      says({ ...copy(1), conversationId: anId<ConversationId>('c1111111-0000-4000-8000-000000000000') });
      await answered(1);
      expect(heard).toEqual([jasmine.objectContaining({ type: 'answer', kept: false })]);
      expect(shown()).toEqual([]);
    });

    it('DC2 are not kept where they are about another entry, or unknown', async () => {
      const target = { conversationId: CONVERSATION, authorId: PEER.id, id: idOf(9) };
      const contents = [dataOf({ kind: 'deletion', target, edition: 1 }), '{"kind":"hologram"}', 'no JSON'];
      for (const [n, data] of contents.entries()) {
        says({ type: 'copy', conversationId: CONVERSATION, id: idOf(n), data });
        await answered(n);
      }
      expect(heard.every(one => one.type === 'answer' && !one.kept)).toBeTrue();
      expect(shown()).toEqual([]);
    });

    it('DC4a give way to their entries, live and fetched, before and after', async () => {
      says(copy(1));
      says(copy(2));
      await answered(2);
      room.messages = [entryOf(1, 1)];
      room.signaling.live(ME);
      await until('the first entry', () => shown().join() === 'copy 2');
      room.signaling.frames.next({ type: 'chat.message', n: 1, message: entryOf(2, 2) });
      await until('the second', () => shown().length === 0);
      await until('the disk knows', async () => (await kept()).length === 0);
      heard.length = 0;
      says(copy(1));
      await answered(1);
      expect(heard).toEqual([jasmine.objectContaining({ id: idOf(1), kept: true })]);
      expect(shown()).toEqual([]);
    });

    it('DC4a are gone at the next start where their entries came, and else still there', async () => {
      says(copy(1));
      says(copy(2));
      await answered(2);
      const copies = await kept();
      room.messages = [entryOf(1, 1)];
      room.signaling.live(ME);
      await until('the first entry', () => shown().join() === 'copy 2');
      // As if the page had been closed between the two writes.
      await TestBed.inject(LocalChat).keepDirect(copies[0]!);
      await until('the entry is on the disk', async () => (await room.kept()).length === 1);
      room = room.reload();
      room.answers = false;
      await room.start();
      await until('one is left', () => shown().join() === 'copy 2');
    });

    it('DC4a are looked for by their keys at the start, however long the conversation is', async () => {
      for (let n = 1; n <= 5; n += 1) says(copy(n));
      await answered(5);
      room = room.reload();
      room.answers = false;
      const looks = spyOn(TestBed.inject(LocalChat), 'between').and.callThrough();
      await room.start();
      expect(shown()).toHaveSize(5);
      expect(looks).not.toHaveBeenCalled();
    });

    it('DC5 go where their author withdraws them', async () => {
      says(copy(1));
      says({ type: 'withdrawn', conversationId: CONVERSATION, id: idOf(1) });
      says(copy(2));
      await answered(2);
      expect(shown()).toEqual(['copy 2']);
    });

    it('are news once: not again with their entries, and none any more where they are taken back', async () => {
      const news = TestBed.inject(ArrivedNews);
      says(copy(1));
      says(copy(2));
      await answered(2);
      expect(news.latest()?.text).toBe('copy 2');
      room.signaling.frames.next({ type: 'chat.message', n: 1, message: entryOf(1, 1) });
      await until('the entry', () => shown().join() === 'copy 2');
      expect(news.latest()?.text).toBe('copy 2');
      says({ type: 'withdrawn', conversationId: CONVERSATION, id: idOf(2) });
      await until('it is withdrawn', () => shown().length === 0);
      expect(news.latest()).toBeNull();
    });

    it('are news on the stage and a dot on its button until they are seen, or gone', async () => {
      const news = TestBed.inject(ArrivedNews);
      says(copy(1));
      says(copy(2));
      await answered(2);
      expect([news.latest()?.text, news.hasUnread(CONVERSATION)]).toEqual(['copy 2', true]);
      entries().seen(entries().all().slice(0, 1));
      expect(news.hasUnread(CONVERSATION)).toBeTrue();
      says({ type: 'withdrawn', conversationId: CONVERSATION, id: idOf(2) });
      await until('it is withdrawn', () => shown().join() === 'copy 1');
      expect(news.hasUnread(CONVERSATION)).toBeFalse();
    });

    for (const [what, garbage] of [
      ['no JSON', '{{{'],
      ['an unknown message', '{"type":"edit"}'],
    ] as const)
      it(`DC6a close the channel with ${what}, and nothing else`, async () => {
        says(garbage);
        await closes();
        expect(shown()).toEqual([]);
        await connect();
        says(copy(1));
        await answered(1);
      });

    it('DC6a close the channel with bytes', async () => {
      far().send(new Uint8Array(100_000));
      await closes();
    });

    it('DC6b close the channel where they do not wait for answers', async () => {
      for (let n = 0; n < 200; n += 1) says(copy(n));
      await closes();
      expect(shown().length).toBeLessThan(20);
    });

    it('DC6c are kept up to a number in each conversation', async () => {
      const now = Date.now();
      for (let n = 0; n < MOST_PROVISIONAL; n += 1) {
        const key = { conversationId: CONVERSATION, authorId: PEER.id, id: idOf(1_000 + n) };
        void entries().add({ ...key, content: { kind: 'text', body: '' }, at: now });
      }
      says(copy(1));
      await answered(1);
      expect(heard.at(-1)).toEqual(jasmine.objectContaining({ kept: false }));
      expect(shown().length).toBe(MOST_PROVISIONAL);
    });
  });
});
