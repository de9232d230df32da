import { TestBed } from '@angular/core/testing';
import { anId } from '#protocol/testing/ids';
import { OpenConversation } from './open-conversation';
import { WINDOW_MOST } from './message-window';
import { ChatRoom, CONVERSATION, ME, message, until } from './testing/chat-room';

describe('open conversation', () => {
  let room: ChatRoom;
  let open: OpenConversation;
  const seqs = (): number[] => open.messages().map(({ seq }) => seq);

  const show = async (messages: number, unread = 0, seq?: number): Promise<void> => {
    room = new ChatRoom();
    TestBed.configureTestingModule({ providers: [OpenConversation] });
    room.messages = Array.from({ length: messages }, (_, i) => message(i + 1));
    room.listed = { unread, marks: [{ userId: ME, received: messages, read: messages - unread }] };
    await room.start();
    room.signaling.live(ME);
    await until('synced', () => room.store.find(CONVERSATION)?.lastSeq === messages);
    open = TestBed.inject(OpenConversation);
    open.open(CONVERSATION, seq);
    await until('ready', () => open.ready());
  };
  afterEach(() => room.close());

  it('opens at the end, with one page', async () => {
    await show(200);
    expect([seqs()[0], seqs().at(-1), seqs().length]).toEqual([141, 200, 60]);
    expect([open.atEnd(), open.atStart(), open.unreadAfter()]).toEqual([true, false, null]);
  });

  it('opens around the first unread message, with what was said before it', async () => {
    await show(200, 40);
    expect(open.unreadAfter()).toBe(160);
    expect(seqs()[0]).toBe(141);
    expect(seqs()).toContain(161);
  });

  it('opens at the first unread message where this device does not hold it, with one page around it', async () => {
    await show(700, 690);
    expect([seqs()[0], seqs().includes(11), seqs().length, open.atEnd()]).toEqual([1, true, 60, false]);
    expect(room.requests.length).toBeLessThan(6);
    await open.toEnd();
    expect([seqs().at(-1), open.atEnd()]).toEqual([700, true]);
  });

  it('opens at its end where the first unread message is out of reach', async () => {
    room = new ChatRoom();
    TestBed.configureTestingModule({ providers: [OpenConversation] });
    room.messages = Array.from({ length: 300 }, (_, i) => message(i + 1));
    room.listed = { unread: 300, marks: [] };
    await room.start();
    room.signaling.live(ME);
    await until('synced', () => room.store.find(CONVERSATION)?.held?.to === 300);
    room.answers = false;
    room.signaling.lost();
    open = TestBed.inject(OpenConversation);
    open.open(CONVERSATION);
    await until('ready', () => open.ready());
    expect([seqs()[0], seqs().at(-1)]).toEqual([241, 300]);
  });

  it('is ready where nobody has written', async () => {
    await show(0);
    expect([seqs().length, open.atEnd(), open.atStart()]).toEqual([0, true, true]);
  });

  it('pages back to the first message, asking the server for what is not here', async () => {
    await show(130);
    while (!open.atStart()) await open.older();
    expect(seqs()).toEqual(Array.from({ length: 130 }, (_, i) => i + 1));
    expect(room.store.find(CONVERSATION)?.held).toEqual({ from: 1, to: 130 });
  });

  it('draws a bounded number of messages and comes back to the end', async () => {
    await show(700);
    while (!open.atStart()) await open.older();
    expect(seqs().length).toBe(WINDOW_MOST);
    expect([seqs()[0], open.atEnd()]).toEqual([1, false]);
    await open.newer();
    expect([seqs().at(-1), seqs().length]).toEqual([WINDOW_MOST + 60, WINDOW_MOST]);
    await open.toEnd();
    expect([seqs().at(-1), open.atEnd()]).toEqual([700, true]);
  });

  it('takes in what arrives at the end, and nothing while it is elsewhere', async () => {
    await show(3);
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(4) });
    await until('four', () => seqs().includes(4));
    room.messages = [...room.messages, message(4)];
  });

  it('says honestly that it cannot page back while the server does not answer', async () => {
    await show(130);
    room.answers = false;
    await open.older();
    await open.older();
    expect([seqs()[0], open.atStart()]).toEqual([71, false]);
  });

  it('E1 shows nothing any more of a store that was replaced', async () => {
    await show(3);
    room.signaling.lost();
    room.messages = [message(1), { ...message(2), id: anId('another') }];
    room.signaling.live(ME, 'new', 'restored');
    const ids = () => open.messages().map(stored => ('id' in stored ? stored.id : ''));
    await until('what is there now', () => ids().join() === 'm1,another');
    expect(open.atEnd()).toBeTrue();
  });
});
