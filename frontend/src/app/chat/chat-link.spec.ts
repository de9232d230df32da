import { TestBed } from '@angular/core/testing';
import { textOf } from '#protocol/content/kinds';
import { type DeviceId, type MessageId } from '#protocol/ids';
import { type Fault } from '#protocol/session-frames';
import { ok, type Result } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { type Unsealed } from '../crypto/codec';
import { LocalChat } from './local-chat';
import { ChatRoom, CONVERSATION, ME, message, PEER, until } from './testing/chat-room';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const many = (from: number, to: number) => range(from, to).map(seq => message(seq));

describe('chat link', () => {
  let room: ChatRoom;
  const conversation = () => room.store.find(CONVERSATION);

  beforeEach(async () => {
    room = new ChatRoom();
    await room.start();
  });
  afterEach(() => room.close());

  it('fetches the newest page of a conversation it has never seen, and the list at once at the next start', async () => {
    room.messages = many(1, 200);
    room.signaling.live(ME);
    await until('the newest page', () => conversation()?.held?.to === 200);
    expect(conversation()?.held?.from).toBe(141);
    room = room.reload();
    room.answers = false;
    await room.start();
    expect(conversation()?.last?.seq).toBe(200);
    expect(room.requests).toEqual([]);
  });

  it('reads again what this device has kept where that has failed, and hears each frame once', async () => {
    room.messages = many(1, 3);
    room.signaling.live(ME);
    await until('three', () => conversation()?.held?.to === 3);
    room = room.reload();
    const local = TestBed.inject(LocalChat);
    const read = spyOn(local, 'conversations').and.rejectWith(new Error('closed'));
    const drafts = spyOn(local, 'drafts').and.callThrough();
    await expectAsync(room.start()).toBeRejectedWithError('closed');
    read.and.callThrough();
    await room.start();
    expect(conversation()?.last?.seq).toBe(3);
    expect(drafts).toHaveBeenCalledTimes(1);
    const heard = spyOn(room.store, 'heard').and.callThrough();
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(4) });
    await until('the fourth', () => conversation()?.lastSeq === 4);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('pages from where it was after a time away, until nothing is missing', async () => {
    room.messages = many(1, 10);
    room.signaling.live(ME);
    await until('ten', () => conversation()?.held?.to === 10);
    room.signaling.lost();
    room.messages = many(1, 260);
    room.signaling.live(ME);
    await until('all', () => conversation()?.held?.to === 260);
    expect(await room.kept()).toEqual(range(1, 260));
    expect(room.requests.filter(path => path.includes('after='))).toEqual([
      `/api/conversations/${CONVERSATION}/messages?after=10&limit=100`,
      `/api/conversations/${CONVERSATION}/messages?after=110&limit=100`,
      `/api/conversations/${CONVERSATION}/messages?after=210&limit=100`,
    ]);
  });

  it('shows a live message beyond a hole at once, and closes the hole', async () => {
    room.messages = many(1, 3);
    room.signaling.live(ME);
    await until('three', () => conversation()?.held?.to === 3);
    room.messages = many(1, 6);
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(6) });
    await until('the hole closed', () => conversation()?.held?.to === 6);
    expect(conversation()?.last?.seq).toBe(6);
    expect(await room.kept()).toEqual(range(1, 6));
  });

  it('keeps a withheld place and draws, counts and tells nothing of it', async () => {
    room.messages = many(1, 1);
    room.listed = { unread: 1 };
    room.signaling.live(ME);
    await until('one', () => conversation()?.held?.to === 1);
    room.signaling.frames.next({
      type: 'chat.message',
      n: 1,
      message: { conversationId: CONVERSATION, seq: 2, withheld: true },
    });
    await until('two', () => conversation()?.held?.to === 2);
    expect([conversation()?.unread, conversation()?.last?.seq]).toEqual([1, 1]);
  });

  it('says what was received in one frame, and nothing the server knows already', async () => {
    room.messages = many(1, 5);
    room.listed = { marks: [{ userId: ME, received: 2, read: 1 }] };
    room.signaling.live(ME);
    await until('told', () => room.signaling.saidOf('chat.received').length > 0);
    expect(room.signaling.saidOf('chat.received')).toEqual([
      { type: 'chat.received', conversationId: CONVERSATION, seq: 5 },
    ]);
    expect(room.signaling.saidOf('chat.read')).toEqual([]);
  });

  it('fetches the list when a message of an unknown conversation comes', async () => {
    room.answers = false;
    room.signaling.live(ME);
    await until('asked', () => room.requests.length > 0);
    room.answers = true;
    room.messages = many(1, 1);
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(1) });
    await until('known', () => conversation()?.held?.to === 1);
  });

  it('merges receipts of others by max, and clears what was read on another device', async () => {
    room.messages = many(1, 4);
    room.listed = { unread: 4 };
    room.signaling.live(ME);
    await until('four', () => conversation()?.held?.to === 4);
    const receipt = { type: 'chat.receipt' as const, conversationId: CONVERSATION, received: 4 };
    room.signaling.frames.next({ ...receipt, n: 1, userId: PEER.id, read: 3 });
    room.signaling.frames.next({ ...receipt, n: 2, userId: PEER.id, read: 2 });
    room.signaling.frames.next({ ...receipt, n: 3, userId: ME, read: 3 });
    await until('one unread', () => conversation()?.unread === 1);
    expect(conversation()?.marks.find(({ userId }) => userId === PEER.id)?.read).toBe(3);
  });

  describe('posting', () => {
    const write = (text = 'hello') => room.posts.write(CONVERSATION, { kind: 'text', body: text });
    const sent = async () => {
      write();
      await until('sent', () => room.signaling.saidOf('chat.post').length > 0);
      return room.signaling.saidOf('chat.post')[0]!;
    };
    const posted = (seq: number) => {
      const id = room.signaling.saidOf('chat.post').at(-1)!.id;
      room.signaling.frames.next({ type: 'chat.posted', n: seq, conversationId: CONVERSATION, id, seq, at: 1000 });
    };

    it('shows a message before any network answers, and keeps it over a reload', async () => {
      write();
      expect(room.posts.waiting().length).toBe(1);
      await until('kept', async () => (await room.database.table('posts').count()) === 1);
      room = room.reload();
      await room.start();
      room.signaling.live(ME);
      await until('sent', () => room.signaling.saidOf('chat.post').length === 1);
    });

    it('keeps what was posted as a post until the entry is kept', async () => {
      room.signaling.live(ME);
      await until('synced', () => conversation() !== undefined);
      await sent();
      const posts = () => room.database.table('posts').count();
      await until('kept', async () => (await posts()) === 1);
      const local = TestBed.inject(LocalChat);
      const save = local.save.bind(local);
      const { promise: disk, resolve } = Promise.withResolvers<void>();
      spyOn(local, 'save').and.callFake(async (...rows) => disk.then(() => save(...rows)));
      posted(1);
      await until('posted', () => room.posts.waiting().length === 0);
      expect([await posts(), ...(await room.kept())]).toEqual([1]);
      resolve();
      await until('an entry', async () => (await room.kept()).length === 1);
      expect(await posts()).toBe(0);
    });

    it('says when what is written expires, where its content does', async () => {
      room.signaling.live(ME);
      await until('synced', () => conversation() !== undefined);
      room.posts.write(CONVERSATION, { kind: 'text', body: 'for an hour', expiresAfterMs: 3_600_000 });
      await until('sent', () => room.signaling.saidOf('chat.post').length === 1);
      expect(room.signaling.saidOf('chat.post')[0]?.expiresAfterMs).toBe(3_600_000);
      posted(1);
      await until('posted', () => room.posts.waiting().length === 0);
      write();
      await until('sent', () => room.signaling.saidOf('chat.post').length === 2);
      expect('expiresAfterMs' in room.signaling.saidOf('chat.post')[1]!).toBeFalse();
    });

    it('turns a post into a message of the conversation, in one step', async () => {
      room.signaling.live(ME);
      await until('synced', () => conversation() !== undefined);
      await sent();
      posted(1);
      await until('a message', () => conversation()?.last?.seq === 1);
      expect(room.posts.waiting()).toEqual([]);
      await until('stored', async () => (await room.kept()).length === 1);
      expect(await room.database.table('posts').count()).toBe(0);
    });

    it('sends again in a new session what was on its way, under the same id, and not in a resumed one', async () => {
      room.signaling.live(ME);
      await until('live', () => conversation() !== undefined);
      write();
      room.signaling.lost();
      TestBed.tick();
      room.signaling.live(ME, 'resumed');
      await until('resumed', () => room.signaling.saidOf('chat.post').length === 1);
      room.signaling.live(ME, 'new');
      await until('again', () => room.signaling.saidOf('chat.post').length === 2);
      expect(new Set(room.signaling.saidOf('chat.post').map(({ id }) => id)).size).toBe(1);
    });

    it('keeps a refused message until it is deleted', async () => {
      room.signaling.live(ME);
      await until('live', () => conversation() !== undefined);
      const { id } = await sent();
      const fault: Fault = { type: 'fault', n: 1, re: { type: 'chat.post', id }, code: 'not-contacts', detail: '' };
      room.signaling.frames.next(fault);
      await until('failed', () => room.posts.waiting()[0]?.fault === 'not-contacts');
      room.posts.delete(id);
      expect(room.posts.waiting()).toEqual([]);
    });

    it('says of a message that it is not saved while the database is full, sends it all the same, and saves it later', async () => {
      let isFull = true;
      const local = TestBed.inject(LocalChat);
      const keepPost = local.keepPost.bind(local);
      spyOn(local, 'keepPost').and.callFake(post =>
        isFull ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : keepPost(post),
      );
      write();
      await until('said', () => room.posts.waiting()[0]?.trouble === 'unkept');
      expect(await room.database.table('posts').count()).toBe(0);
      isFull = false;
      await until('saved', async () => (await room.database.table('posts').count()) === 1);
      await until('no more said', () => room.posts.waiting()[0]?.trouble === undefined);
      isFull = true;
      write('second');
      room.signaling.live(ME);
      await until('sent', () => room.signaling.saidOf('chat.post').length === 1);
    });

    it('says that the server is busy until it has taken the message', async () => {
      room.signaling.live(ME);
      await until('live', () => conversation() !== undefined);
      const { id } = await sent();
      const re = { type: 'chat.post', id };
      room.signaling.frames.next({ type: 'fault', n: 1, re, code: 'try-later', detail: '', retryMs: 1 });
      await until('said', () => room.posts.waiting()[0]?.trouble === 'busy');
      await until('sent again', () => room.signaling.saidOf('chat.post').length === 2);
      expect(room.posts.waiting()[0]?.trouble).toBe('busy');
      posted(1);
      await until('taken', () => room.posts.waiting().length === 0);
    });

    it('takes a message back that is deleted on its way, and shows it where it had arrived all the same', async () => {
      room.signaling.live(ME);
      await until('live', () => conversation() !== undefined);
      const { type, conversationId, id } = await sent();
      room.posts.delete(id);
      expect(room.posts.waiting()).toEqual([]);
      expect(room.signaling.withdrawn).toEqual([{ type, conversationId, id }]);
      room.messages = [{ ...message(1, ME), id }];
      posted(1);
      await until('a message', () => conversation()?.held?.to === 1);
    });

    it('EE12 gives up the number of what is deleted or refused, and of nothing that is only put off', async () => {
      const givenUp: unknown[] = [];
      room.keys.verbs['giveUp'] = (input: unknown) => void givenUp.push(input);
      room.signaling.live(ME);
      await until('live', () => conversation() !== undefined);
      const { id } = await sent();
      const fault = { type: 'fault', n: 1, re: { type: 'chat.post', id }, detail: '' } as const;
      room.signaling.frames.next({ ...fault, code: 'try-later', retryMs: 1 });
      await until('sent again', () => room.signaling.saidOf('chat.post').length === 2);
      expect(givenUp).toEqual([]);
      room.signaling.frames.next({ ...fault, code: 'malformed' });
      await until('given up', () => givenUp.length > 0);
      expect(givenUp).toEqual([{ conversationId: CONVERSATION, id }]);
      write('deleted');
      const other = room.posts.waiting().find(post => post.id !== id)!;
      room.posts.delete(other.id);
      expect(givenUp[1]).toEqual({ conversationId: CONVERSATION, id: other.id });
    });

    it('keeps what was written, and seals it at each attempt', async () => {
      let attempts = 0;
      room.keys.verbs['seal'] = ({ content }: Unsealed) => ok(`sealed ${++attempts}: ${textOf(content)}`);
      room.signaling.live(ME);
      await until('live', () => conversation() !== undefined);
      await sent();
      await until('kept', async () => (await room.database.table('posts').count()) === 1);
      expect(await room.database.table('posts').toArray()).toEqual([
        jasmine.objectContaining({ content: { kind: 'text', body: 'hello' } }),
      ]);
      room.signaling.live(ME, 'new');
      await until('again', () => room.signaling.saidOf('chat.post').length === 2);
      expect(room.signaling.saidOf('chat.post').map(({ data }) => data)).toEqual([
        'sealed 1: hello',
        'sealed 2: hello',
      ]);
    });

    it('sends nothing that was deleted, or begun once more, while it was being sealed', async () => {
      const seals: ((data: Result<string, never>) => void)[] = [];
      room.keys.verbs['seal'] = () => new Promise<Result<string, never>>(resolve => seals.push(resolve));
      room.signaling.live(ME);
      await until('live', () => conversation() !== undefined);
      write('deleted');
      room.posts.delete(room.posts.waiting()[0]!.id);
      write('kept');
      room.signaling.live(ME, 'new');
      await until('all are being sealed', () => seals.length === 3);
      ['deleted', 'first', 'second'].forEach((data, nth) => seals[nth]!(ok(data)));
      await until('sent', () => room.signaling.saidOf('chat.post').length > 0);
      expect(room.signaling.saidOf('chat.post').map(({ data }) => data)).toEqual(['second']);
    });

    it('tells a mark again that the server could not keep', async () => {
      room.messages = many(1, 2);
      room.signaling.live(ME);
      await until('told', () => room.signaling.saidOf('chat.received').length === 1);
      const re = { type: 'chat.received', id: CONVERSATION };
      room.signaling.frames.next({ type: 'fault', n: 1, re, code: 'try-later', detail: '', retryMs: 1 });
      await until('told again', () => room.signaling.saidOf('chat.received').length === 2);
    });
  });

  it('drops everything at another epoch and posts again what the restored store has lost', async () => {
    room.messages = [message(1), message(2, ME), message(3, ME)];
    room.signaling.live(ME);
    await until('three', () => conversation()?.held?.to === 3);
    const countedAnew: unknown[] = [];
    room.keys.verbs['countAnew'] = (ids: unknown) => void countedAnew.push(ids);
    room.signaling.lost();
    room.messages = [message(1), message(2, ME)];
    room.signaling.live(ME, 'new', 'restored');
    await until('posted again', () => room.signaling.saidOf('chat.post').length > 0);
    expect(room.signaling.saidOf('chat.post').map(({ id }) => id)).toEqual([anId('m3')]);
    expect(conversation()?.held).toEqual({ from: 1, to: 2 });
    expect(await room.kept()).toEqual([1, 2]);
    expect(countedAnew).toEqual([[CONVERSATION]]);
  });

  it('M8 posts again what does not count as what does not count, also where this app cannot read it', async () => {
    const reaction = { ...message(2, ME), counts: false, data: '{"kind":"hologram"}' };
    room.messages = [message(1), reaction];
    room.signaling.live(ME);
    await until('two', () => conversation()?.held?.to === 2);
    room.signaling.lost();
    room.messages = [message(1)];
    room.signaling.live(ME, 'new', 'restored');
    await until('posted again', () => room.signaling.saidOf('chat.post').length > 0);
    expect(room.signaling.saidOf('chat.post').map(({ counts, data }) => [counts, data])).toEqual([
      [false, reaction.data],
    ]);
  });

  it('loses nothing by a second restore before the first was caught up with, nor by other devices of one', async () => {
    room.messages = [
      message(1),
      message(2, ME),
      { ...message(3, ME), author: { userId: ME, deviceId: anId<DeviceId>('another') } },
    ];
    room.signaling.live(ME);
    await until('three', () => conversation()?.held?.to === 3);
    room.signaling.lost();
    room.messages = [message(1)];
    room.answers = false;
    room.signaling.live(ME, 'new', 'restored');
    await until('dropped', async () => (await room.kept()).length === 0);
    room.signaling.lost();
    room.answers = true;
    room.signaling.live(ME, 'new', 'restored again');
    await until('posted again', () => room.signaling.saidOf('chat.post').length > 0);
    const { id } = room.signaling.saidOf('chat.post')[0]!;
    room.signaling.frames.next({ type: 'chat.posted', n: 1, conversationId: CONVERSATION, id, seq: 2, at: 1 });
    await until('both', () => room.signaling.saidOf('chat.post').length === 2);
    expect(room.signaling.saidOf('chat.post').map(post => post.id)).toEqual([anId('m2'), anId('m3')]);
  });

  it('lays no frame of another epoch over what it had, before it has looked what of that is missing', async () => {
    room.messages = [message(1), message(2, ME)];
    room.signaling.live(ME);
    await until('two', () => conversation()?.held?.to === 2);
    room.signaling.lost();
    room.messages = [message(1)];
    room.signaling.live(ME, 'new', 'restored');
    const other = { ...message(2), id: anId<MessageId>('other') };
    room.messages = [message(1), other];
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: other });
    await until('posted again', () => room.signaling.saidOf('chat.post').length > 0);
    expect(room.signaling.saidOf('chat.post').map(({ id }) => id)).toEqual([anId('m2')]);
  });
});
