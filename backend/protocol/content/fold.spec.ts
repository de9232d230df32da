import fc from 'fast-check';
import { fold, type Folded, type Line, linesOf, NOTHING_SAID, type Said } from '#protocol/content/fold';
import { type Content, type EntryKey } from '#protocol/content/kinds';
import { type ConversationId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';

/** Printed by fast-check with the path of what failed; pinned. */
const SEED = { seed: 20261129, numRuns: 2_000 };
const CONVERSATION = anId<ConversationId>('c');
const PEOPLE = ['mira', 'jonas', 'noor'].map(name => anId<UserId>(name));
const [MIRA, JONAS] = PEOPLE as [UserId, UserId];

const key = (seq: number, authorId: UserId, conversationId = CONVERSATION): EntryKey => ({
  conversationId,
  authorId,
  id: anId(`m${seq}`),
});
const said = (seq: number, userId: UserId, content: Content): Said => ({
  conversationId: CONVERSATION,
  seq,
  id: anId(`m${seq}`),
  content,
  author: { userId, deviceId: anId(`${userId}'s`) },
});
const text = (body: string): Content => ({ kind: 'text', body });
const edit = (target: EntryKey, body: string, edition = 1): Content => ({ kind: 'edit', target, body, edition });
const reaction = (target: EntryKey, emoji: string | null, edition = 1): Content => ({
  kind: 'reaction',
  target,
  emoji,
  edition,
});
const deletion = (target: EntryKey): Content => ({ kind: 'deletion', target, edition: 1 });
const drawn = (...entries: Said[]): Line<Said>[] => linesOf(fold(NOTHING_SAID, entries));
const words = (lines: readonly Line<Said>[]): (string | null)[] =>
  lines.map(({ content }) => (content?.kind === 'text' ? content.body : content === null ? null : content.kind));

/** Logs in which everything targets something, known or not, one's own or not, itself among them. */
const LENGTH = 14;
/** Deletions are few, or little else would be left to see. */
const KINDS = ['text', 'text', 'text', 'edit', 'edit', 'edit', 'edit', 'edit', 'reaction', 'deletion', 'unknown'];
const logs: fc.Arbitrary<Said[]> = fc
  .array(
    fc.record({
      author: fc.constantFrom(...PEOPLE),
      kind: fc.constantFrom(...KINDS),
      target: fc.nat(LENGTH),
      // For most values the target names its real author and conversation; for the others a different one.
      honesty: fc.nat(9),
      // Most are low; of the last two the higher one is beyond what is kept.
      edition: fc.constantFrom(1, 1, 2, 2, 3, 50, 51),
      emoji: fc.constantFrom('👍', '❤️', null),
    }),
    { minLength: 6, maxLength: LENGTH },
  )
  .map(rows =>
    rows.map(({ author, kind, target, honesty, edition, emoji }, i) => {
      const whose = honesty === 0 ? MIRA : (rows[target]?.author ?? JONAS);
      const named = key(target, whose, honesty === 1 ? anId('elsewhere') : CONVERSATION);
      const content: Readonly<Record<string, Content>> = {
        text: text(`words of ${author} ${i}`),
        edit: edit(named, `words of ${author} ${i}`, edition),
        reaction: reaction(named, emoji, edition),
        deletion: deletion(named),
      };
      return said(i, author, content[kind] ?? { kind: 'unknown', data: '{}' });
    }),
  );

/** What a log comes to by the definition alone, slowly: all that edits a line, directly or through edits, taken together. */
function defined(log: readonly Said[]): Line<Said>[] {
  const name = ({ conversationId, authorId, id }: EntryKey) => `${conversationId} ${authorId} ${id}`;
  const keyOf = ({ id, author, conversationId }: Said) => name({ conversationId, authorId: author.userId, id });
  const isEdit = ({ content }: Said) => content.kind === 'edit' && content.edition <= 50;
  const latest = (of: readonly Said[]) =>
    [...of].sort((a, b) => {
      const [one, other] = [a, b].map(({ content }) => ('edition' in content ? Number(content.edition) : 0));
      return (other ?? 0) - (one ?? 0) || (a.id < b.id ? 1 : -1);
    })[0];
  const lineOf = (first: Said): Line<Said> => {
    const names = new Set([keyOf(first)]);
    const own = (entry: Said) => entry.author.userId === first.author.userId;
    const targets = ({ content }: Said) => 'target' in content && names.has(name(content.target as EntryKey));
    for (let size = 0; size < names.size;) {
      size = names.size;
      for (const one of log) if (isEdit(one) && own(one) && targets(one)) names.add(keyOf(one));
    }
    const about = log.filter(targets);
    if (about.some(one => one.content.kind === 'deletion' && own(one))) {
      return { first, content: null, isEdited: false, reactions: [] };
    }
    const edited = latest(about.filter(one => isEdit(one) && own(one)))?.content;
    const isEdited = edited?.kind === 'edit' && first.content.kind === 'text';
    const reacted = PEOPLE.flatMap(by => {
      const last = latest(about.filter(one => one.content.kind === 'reaction' && one.author.userId === by))?.content;
      return last?.kind === 'reaction' && last.emoji !== null ? [{ by, emoji: last.emoji }] : [];
    });
    const reactions = ['👍', '❤️']
      .map(emoji => ({ emoji, by: reacted.flatMap(one => (one.emoji === emoji ? one.by : [])).sort() }))
      .filter(({ by }) => by.length > 0)
      .sort((a, b) => b.by.length - a.by.length || (a.emoji < b.emoji ? -1 : 1));
    return { first, content: isEdited ? text(edited.body) : first.content, isEdited, reactions };
  };
  return log.filter(({ content }) => content.kind === 'text' || content.kind === 'unknown').map(lineOf);
}

describe('the fold of a conversation', () => {
  it('F2 gives the same lines in any order, any repetition and any split into pages, and those of the definition', () => {
    const shuffled = logs.chain(log =>
      fc.record({
        log: fc.constant(log),
        arrived: fc.array(fc.nat(Math.max(0, log.length - 1)), { maxLength: 6 }).chain(again =>
          fc.shuffledSubarray([...log, ...again.flatMap(i => log[i] ?? [])], {
            minLength: log.length + (log.length ? again.length : 0),
          }),
        ),
        cuts: fc.array(fc.nat(2 * LENGTH), { maxLength: 4 }),
      }),
    );
    let edited = 0;
    fc.assert(
      fc.property(shuffled, ({ log, arrived, cuts }) => {
        const places = [0, ...[...cuts].sort((a, b) => a - b), arrived.length];
        const pages = places.slice(1).map((to, i) => arrived.slice(places[i], to));
        const lines = linesOf(pages.reduce<Folded<Said>>(fold, NOTHING_SAID));
        expect(lines).toEqual(drawn(...log));
        expect(lines).toEqual(defined(log));
        edited += lines.filter(({ isEdited }) => isEdited).length;
      }),
      SEED,
    );
    expect(edited).withContext('a property about edits has seen some').toBeGreaterThan(300);
  });

  it('F3a never shows as one person’s words what another one has written', () => {
    fc.assert(
      fc.property(logs, log => {
        for (const { first, content } of drawn(...log)) {
          if (content?.kind === 'text') expect(content.body).toContain(`words of ${first.author.userId} `);
        }
      }),
      SEED,
    );
  });

  it('changes nothing of what it was given', () => {
    const before = fold(NOTHING_SAID, [said(1, MIRA, text('one'))]);
    const lines = linesOf(before);
    fold(before, [said(2, MIRA, deletion(key(1, MIRA))), said(3, JONAS, reaction(key(1, MIRA), '👍'))]);
    expect(linesOf(before)).toEqual(lines);
  });

  it('F4a lets the highest edition count, and of two the higher id', () => {
    const first = said(1, MIRA, text('one'));
    const third = said(3, MIRA, edit(key(1, MIRA), 'three', 2));
    expect(words(drawn(third, said(4, MIRA, edit(key(1, MIRA), 'four', 1)), first))).toEqual(['three']);
    expect(words(drawn(said(4, MIRA, edit(key(1, MIRA), 'four', 2)), third, first))).toEqual(['four']);
  });

  it('F3a, F3b lets edits and deletions count from the author of their target alone, in its conversation, also through another edit', () => {
    const first = said(1, MIRA, text('one'));
    expect(words(drawn(first, said(2, JONAS, edit(key(1, MIRA), 'forged'))))).toEqual(['one']);
    expect(words(drawn(first, said(2, JONAS, edit(key(1, JONAS), 'forged'))))).toEqual(['one']);
    expect(words(drawn(first, said(2, JONAS, deletion(key(1, MIRA)))))).toEqual(['one']);
    const through = said(3, MIRA, edit(key(2, JONAS), 'through'));
    expect(words(drawn(first, said(2, JONAS, edit(key(1, MIRA), 'forged')), through))).toEqual(['one']);
    expect(words(drawn(first, said(2, MIRA, deletion(key(1, MIRA)))))).toEqual([null]);
    const elsewhere = { ...said(2, MIRA, deletion(key(1, MIRA))), conversationId: anId<ConversationId>('elsewhere') };
    expect(words(drawn(first, elsewhere))).toEqual(['one']);
  });

  it('F4c lets an edit of an edit follow the first, whichever comes first', () => {
    const log = [
      said(1, MIRA, text('one')),
      said(2, MIRA, edit(key(1, MIRA), 'two')),
      said(3, MIRA, edit(key(2, MIRA), 'three', 2)),
    ];
    expect(words(drawn(...log))).toEqual(['three']);
    expect(words(drawn(...log.toReversed()))).toEqual(['three']);
    const circle = [said(4, MIRA, edit(key(5, MIRA), 'four')), said(5, MIRA, edit(key(4, MIRA), 'five'))];
    expect(words(drawn(...circle, ...log))).toEqual(['three']);
  });

  it('F4d keeps a line deleted, whatever its author says of it afterwards or before', () => {
    const log = [
      said(1, MIRA, text('one')),
      said(2, MIRA, edit(key(1, MIRA), 'two')),
      said(3, MIRA, deletion(key(2, MIRA))),
      said(4, MIRA, edit(key(1, MIRA), 'back', 50)),
      said(5, JONAS, reaction(key(1, MIRA), '👍')),
    ];
    for (const arrived of [log, log.toReversed()]) {
      const [line] = drawn(...arrived);
      expect([line?.content, line?.reactions]).toEqual([null, []]);
    }
  });

  it('F5 lets what targets nothing known wait for it', () => {
    const waiting = [said(2, MIRA, edit(key(1, MIRA), 'two')), said(3, JONAS, reaction(key(1, MIRA), '👍'))];
    expect(drawn(...waiting)).toEqual([]);
    const [line] = drawn(...waiting, said(1, MIRA, text('one')));
    expect([line?.content, line?.isEdited, line?.reactions]).toEqual([
      text('two'),
      true,
      [{ emoji: '👍', by: [JONAS] }],
    ]);
  });

  it('F6a does not count an edit above the fiftieth edition, nor what edits it', () => {
    const first = said(1, MIRA, text('one'));
    const last = said(2, MIRA, edit(key(1, MIRA), 'fifty', 50));
    const beyond = [said(3, MIRA, edit(key(1, MIRA), 'more', 51)), said(4, MIRA, edit(key(3, MIRA), 'through', 3))];
    expect(words(drawn(...beyond, last, first))).toEqual(['fifty']);
    expect(words(drawn(first, ...beyond))).toEqual(['one']);
  });

  it('F4a, F4b, F6b lets a person’s last reaction stand, and draws no more than twenty different ones, the most frequent first', () => {
    const first = said(1, MIRA, text('one'));
    const target = key(1, MIRA);
    const again = [said(2, JONAS, reaction(target, '👍')), said(3, JONAS, reaction(target, '❤️', 2))];
    expect(drawn(first, ...again)[0]?.reactions).toEqual([{ emoji: '❤️', by: [JONAS] }]);
    expect(drawn(first, ...again, said(4, JONAS, reaction(target, null, 3)))[0]?.reactions).toEqual([]);
    const many = Array.from({ length: 30 }, (_, i) =>
      said(i + 5, anId(`u${i}`), reaction(target, String.fromCodePoint(0x1f600 + i))),
    );
    expect(drawn(first, ...many)[0]?.reactions.length).toBe(20);
    const favourite = String.fromCodePoint(0x1f600 + 29);
    const twice = said(50, anId('u50'), reaction(target, favourite));
    expect(drawn(first, ...many, twice)[0]?.reactions[0]).toEqual({ emoji: favourite, by: [anId('u29'), anId('u50')] });
  });

  it('F1a edits no content of a kind it does not know', () => {
    const content: Content = { kind: 'unknown', data: '{"kind":"hologram"}' };
    const [line] = drawn(said(1, MIRA, content), said(2, MIRA, edit(key(1, MIRA), 'two')));
    expect([line?.content, line?.isEdited]).toEqual([content, false]);
  });
});
