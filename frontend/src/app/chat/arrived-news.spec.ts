import { TestBed } from '@angular/core/testing';
import { type UserId } from '#protocol/ids';
import { Contacts } from '../contacts/contacts';
import { inEnglish } from '../../i18n/testing/in-english';
import { ArrivedNews } from './arrived-news';
import { ChatRoom, CONVERSATION, ME, message, PEER, until } from './testing/chat-room';

describe('arrived news', () => {
  let room: ChatRoom;
  let news: ArrivedNews;

  beforeEach(async () => {
    room = new ChatRoom();
    TestBed.configureTestingModule({ providers: [{ provide: Contacts, useValue: { person: () => PEER } }] });
    await inEnglish();
    room.messages = [message(1)];
    await room.start();
    room.signaling.live(ME);
    await until('synced', () => room.store.find(CONVERSATION)?.held?.to === 1);
    news = TestBed.inject(ArrivedNews);
  });
  afterEach(() => room.close());

  const arrive = (seq: number, sender?: UserId): void =>
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(seq, sender) });

  it('is what somebody else has just written, for some seconds', async () => {
    expect(news.latest()).toBeNull();
    jasmine.clock().install();
    try {
      arrive(2);
      await Promise.resolve();
      // The database answers by tasks of its own, which a clock of ours does not hold up.
      while (news.latest() === null) await new Promise(resolve => requestIdleCallback(resolve));
      expect(news.latest()).toEqual({ conversationId: CONVERSATION, name: 'Mira Sand', text: 'message 2' });
      jasmine.clock().tick(4_999);
      expect(news.latest()).not.toBeNull();
      jasmine.clock().tick(1);
      expect(news.latest()).toBeNull();
    } finally {
      jasmine.clock().uninstall();
    }
  });

  it('is nothing one has written oneself, and nothing that was fetched', async () => {
    arrive(2, ME);
    await until('heard', () => room.store.find(CONVERSATION)?.lastSeq === 2);
    expect(news.latest()).toBeNull();
  });

  it('knows whether a conversation has something unread', async () => {
    arrive(2);
    await until('unread', () => news.hasUnread(CONVERSATION));
    await room.store.read(CONVERSATION, 2);
    expect(news.hasUnread(CONVERSATION)).toBeFalse();
  });
});
