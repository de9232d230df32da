import { TestBed } from '@angular/core/testing';
import { type ConversationId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { excerptOf, MessageSearch } from './message-search';
import { ChatRoom, CONVERSATION, ME, message, PEER, until } from './testing/chat-room';

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
  const found = async (words: string) => (await TestBed.inject(MessageSearch).find(words)).map(one => one.excerpt);

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
    const within = (id: ConversationId) => TestBed.inject(MessageSearch).find('there', id);
    expect(await within(CONVERSATION)).toHaveSize(2);
    expect(await within(anId('another'))).toEqual([]);
  });
});
