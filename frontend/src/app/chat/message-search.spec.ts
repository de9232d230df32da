import { TestBed } from '@angular/core/testing';
import { firstValueFrom, type Subscription } from 'rxjs';
import { type ConversationId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { excerptOf, MessageSearch } from './message-search';
import { ChatRoom, CONVERSATION, ME, message, PEER, retracted, until } from './testing/chat-room';

describe('the excerpt of a message', () => {
  it('is the message in one line, from a little before the words', () => {
    expect(excerptOf('one\n two', 'two')).toBe('one two');
    const found = excerptOf(`${'before '.repeat(20)}Zoë and more`, 'zoe');
    expect(found).toBe('…re before before before Zoë and more');
  });

  it('begins between characters, also where folding changes lengths', () => {
    const found = excerptOf(`${'👨‍👩‍👧‍👦'.repeat(9)}ﬃ ${'é\u0301'.repeat(4)} sought`, 'sought');
    expect(found).toBe(`${'👨‍👩‍👧‍👦'.repeat(9)}ﬃ ${'é\u0301'.repeat(4)} sought`);
    expect(excerptOf(`${'👨‍👩‍👧‍👦'.repeat(30)} sought`, 'sought')).toBe(`…${'👨‍👩‍👧‍👦'.repeat(23)} sought`);
  });
});

describe('the search of messages', () => {
  let room: ChatRoom;
  const texts = [
    'Meet at the\nharbour',
    'Schiff\u00adfahrt at  noon',
    'ZOË was there',
    'nothing here',
    'see {{name}} and $& there',
  ];
  const found = async (words: string) =>
    (await firstValueFrom(TestBed.inject(MessageSearch).find(words))).map(one => one.excerpt);

  beforeEach(async () => {
    room = new ChatRoom();
    await room.start();
    room.messages = texts.map((text, index) => message(index + 1, index % 2 ? ME : PEER.id, text));
    room.signaling.live(ME);
    await until('all are kept', async () => (await room.kept()).length === texts.length);
  });
  afterEach(() => room.close());

  it('finds two words over the end of a line, and over two spaces', async () => {
    expect(await found('the harbour')).toEqual(['Meet at the harbour']);
    expect(await found('  at noon ')).toEqual(['Schiff\u00adfahrt at noon']);
  });

  it('finds without capitals, accents and hidden characters', async () => {
    expect(await found('zoe')).toEqual(['ZOË was there']);
    expect(await found('schifffahrt')).toEqual(['Schiff\u00adfahrt at noon']);
  });

  it('finds the newest first, what looks like a template as it stands, and nothing for nothing', async () => {
    expect(await found('there')).toEqual(['see {{name}} and $& there', 'ZOË was there']);
    expect(await found('{{name}} and $&')).toHaveSize(1);
    for (const words of ['', '  ', '\u200b', 'absent']) expect(await found(words)).toEqual([]);
  });

  it('looks through one conversation where that is asked', async () => {
    const within = (id: ConversationId) => firstValueFrom(TestBed.inject(MessageSearch).find('there', id));
    expect(await within(CONVERSATION)).toHaveSize(2);
    expect(await within(anId('another'))).toEqual([]);
  });

  describe('that somebody looks at', () => {
    let shown: string[] | undefined;
    let looking: Subscription;
    const look = (words: string) => {
      shown = undefined;
      looking = TestBed.inject(MessageSearch)
        .find(words)
        .subscribe(all => (shown = all.map(one => one.excerpt)));
    };
    const shows = (...expected: string[]) =>
      until(`it shows ${expected.join()}`, () => shown?.join() === expected.join());
    afterEach(() => looking.unsubscribe());

    it('shows a message that was being sent when it began', async () => {
      room.posts.write(CONVERSATION, { kind: 'text', body: 'harbour at ten' });
      await until('it is on its way', () => room.signaling.saidOf('chat.post').length === 1);
      look('harbour');
      await shows('Meet at the harbour');
      const { conversationId, id } = room.signaling.saidOf('chat.post')[0]!;
      room.signaling.frames.next({ type: 'chat.posted', conversationId, id, seq: texts.length + 1, at: Date.now() });
      await shows('harbour at ten', 'Meet at the harbour');
    });

    it('shows what comes while the database is read, once, and nothing that is retracted meanwhile', async () => {
      look('harbour');
      expect(shown).toBeUndefined();
      const next = texts.length + 1;
      room.signaling.frames.next({ type: 'chat.message', n: 1, message: message(next, PEER.id, 'harbour again') });
      await shows('harbour again', 'Meet at the harbour');
      looking.unsubscribe();
      look('harbour');
      room.signaling.frames.next({ type: 'chat.retracted', n: 2, message: retracted(1) });
      await shows('harbour again');
      room.signaling.frames.next({ type: 'chat.retracted', n: 3, message: retracted(next) });
      await shows();
    });

    it('begins again where everything that was fetched is forgotten', async () => {
      look('harbour');
      await shows('Meet at the harbour');
      await room.store.forgetAll();
      await shows();
    });
  });
});
