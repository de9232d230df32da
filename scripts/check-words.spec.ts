import { unusedWords } from './check-words.ts';

const app = (text: string, path = 'frontend/src/app/a.ts') => [{ path, text }];
const texts = { chat: { title: 'Chats', unread: { one: 'one', other: 'many' } } };

describe('Texts that nothing says', () => {
  it('are found', () => {
    expect(unusedWords(texts, app(`t('chat.title')`))).toEqual([
      'frontend/src/i18n/en.json: nothing says chat.unread.one',
      'frontend/src/i18n/en.json: nothing says chat.unread.other',
    ]);
  });

  it('do not include the forms of a number, nor what a template literal may name', () => {
    expect(unusedWords(texts, app(`t('chat.title'); count('chat.unread', 2)`))).toEqual([]);
    expect(unusedWords(texts, app('t(`chat.${what}`)'))).toEqual([]);
  });

  it('are not saved by a spec or by the server', () => {
    expect(unusedWords(texts, app(`t('chat.title')`, 'frontend/src/app/a.spec.ts')).length).toBe(3);
    expect(unusedWords(texts, app(`t('chat.title')`, 'backend/src/a.ts')).length).toBe(3);
  });
});
