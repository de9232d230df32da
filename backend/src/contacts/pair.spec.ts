import type { UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import {
  answered,
  blocked,
  contactSeenBy,
  declined,
  joined,
  marksSeenBy,
  relationSeenBy,
  removed,
  requested,
  strangers,
  unblocked,
  withoutMember,
  type Change,
  type Pair,
} from './pair.ts';

const [ada, ben] = [anId<UserId>('ada'), anId<UserId>('ben')];
const relation = (requestedBy: UserId | null, hidden = false, since = 10) => ({ requestedBy, hidden, since });
const block = (by: UserId) => ({ by, at: 5, received: 0, read: 0 });

const member = (user: UserId, received: number, read: number): Pair['members'][number] => ({
  user,
  role: 'member',
  from: 1,
  to: null,
  received,
  read,
});

const nothing: Pair = {
  members: [member(ada, 0, 0), member(ben, 0, 0)],
  relation: null,
  blocks: [],
  openedAt: null,
};
const asked: Pair = { ...nothing, relation: relation(ada) };
const contacts: Pair = { ...nothing, relation: relation(null), openedAt: 7 };
/** What each pair is before a change; Ada is the one who asked. */
const before = {
  nothing,
  asked,
  contacts,
  'contacts once': { ...contacts, relation: null },
  'blocked by Ben': { ...nothing, blocks: [block(ben)] },
  'asked while blocked': { ...nothing, relation: relation(ada, true), blocks: [block(ben)] },
  'asked, then blocked': { ...asked, blocks: [block(ben)] },
  'asked by Ada, who blocked Ben': { ...asked, blocks: [block(ada)] },
} satisfies Record<string, Pair>;
type State = keyof typeof before;

const AT = 30;
const verbs = {
  requests: (pair: Pair, me: UserId, them: UserId) => requested(pair, me, them, AT),
  answers: (pair: Pair, me: UserId, them: UserId) => answered(pair, me, them, AT),
  joins: (pair: Pair) => joined(pair, AT),
  declines: declined,
  removes: removed,
} satisfies Record<string, (pair: Pair, me: UserId, them: UserId) => Change<unknown>>;

/** What the relation becomes, and when the conversation was opened. */
const accepted = { relation: relation(null, false, AT), openedAt: AT };
const acceptedAgain = { ...accepted, openedAt: 7 };
const askedBy = (who: UserId, hidden = false) => ({ relation: relation(who, hidden, AT) });
const over = { relation: null };

const changes: [
  State,
  who: UserId,
  verb: keyof typeof verbs,
  answer: string | undefined,
  becomes: Partial<Pair> | 'the same',
][] = [
  ['nothing', ada, 'requests', 'requested', askedBy(ada)],
  ['nothing', ada, 'answers', 'none', 'the same'],
  ['nothing', ada, 'joins', undefined, accepted],
  ['nothing', ada, 'declines', 'none', 'the same'],
  ['nothing', ada, 'removes', 'none', 'the same'],

  ['asked', ada, 'requests', 'requested', 'the same'],
  ['asked', ada, 'answers', 'none', 'the same'],
  ['asked', ada, 'declines', 'none', 'the same'],
  ['asked', ada, 'removes', 'removed', over],
  ['asked', ben, 'requests', 'accepted', accepted],
  ['asked', ben, 'answers', 'accepted', accepted],
  ['asked', ben, 'joins', undefined, accepted],
  ['asked', ben, 'declines', 'declined', over],
  ['asked', ben, 'removes', 'removed', over],

  ['contacts', ada, 'requests', 'accepted', 'the same'],
  ['contacts', ben, 'requests', 'accepted', 'the same'],
  ['contacts', ada, 'answers', 'accepted', 'the same'],
  ['contacts', ada, 'joins', undefined, 'the same'],
  ['contacts', ada, 'declines', 'none', 'the same'],
  ['contacts', ben, 'removes', 'removed', over],

  ['contacts once', ben, 'requests', 'requested', askedBy(ben)],
  ['contacts once', ada, 'joins', undefined, acceptedAgain],

  ['blocked by Ben', ada, 'requests', 'requested', askedBy(ada, true)],
  ['blocked by Ben', ben, 'requests', 'requested', askedBy(ben)],

  ['asked while blocked', ada, 'requests', 'requested', 'the same'],
  ['asked while blocked', ada, 'removes', 'removed', over],
  ['asked while blocked', ben, 'requests', 'accepted', accepted],
  ['asked while blocked', ben, 'answers', 'none', 'the same'],
  ['asked while blocked', ben, 'joins', undefined, accepted],
  ['asked while blocked', ben, 'declines', 'none', 'the same'],
  ['asked while blocked', ben, 'removes', 'none', 'the same'],

  ['asked, then blocked', ben, 'answers', 'none', 'the same'],
  ['asked, then blocked', ben, 'declines', 'none', 'the same'],
  ['asked, then blocked', ben, 'removes', 'removed', over],

  ['asked by Ada, who blocked Ben', ben, 'answers', 'accepted', accepted],
  ['asked by Ada, who blocked Ben', ben, 'declines', 'declined', over],
];

describe('a pair', () => {
  for (const [state, me, verb, answer, becomes] of changes) {
    const outcome = becomes === 'the same' ? 'stays' : becomes.relation ? 'changes' : 'ends';
    it(`that is ${state} ${outcome} when ${me} ${verb}: ${String(answer)}`, () => {
      const pair: Pair = before[state];
      const [after, said] = verbs[verb](pair, me, me === ada ? ben : ada);
      expect<string | undefined>(said).toEqual(answer);
      if (becomes === 'the same') expect(after).toBe(pair);
      else expect(after).toEqual({ ...pair, ...becomes });
    });
  }

  it('is the same from both sides, and begins with nothing', () => {
    expect(strangers(ada, ben)).toEqual(nothing);
    expect(strangers(ben, ada)).toEqual(nothing);
  });

  it('says of both what each may know of the relation', () => {
    const seen = (state: State, me: UserId) => relationSeenBy(before[state], me, me === ada ? ben : ada);
    const none = { accepted: false, requestedBy: null, blockedByMe: false, blockedByThem: false };
    expect(seen('nothing', ada)).toEqual(none);
    expect(seen('contacts', ada)).toEqual({ ...none, accepted: true });
    expect(seen('asked', ada)).toEqual({ ...none, requestedBy: ada });
    expect(seen('asked', ben)).toEqual({ ...none, requestedBy: ada });
    expect(seen('asked while blocked', ada)).toEqual({ ...none, requestedBy: ada, blockedByThem: true });
    expect(seen('asked while blocked', ben)).toEqual({ ...none, blockedByMe: true });
  });

  it('stands in each one’s list as what it is to them', () => {
    const seen = (state: State, me: UserId) => contactSeenBy(before[state], me);
    expect(seen('nothing', ada)).toBeNull();
    expect(seen('contacts', ben)).toEqual({ state: 'accepted', since: 10 });
    expect(seen('asked', ada)).toEqual({ state: 'requested', since: 10 });
    expect(seen('asked', ben)).toEqual({ state: 'incoming', since: 10 });
    expect(seen('asked while blocked', ada)).toEqual({ state: 'requested', since: 10 });
    expect(seen('asked while blocked', ben)).toEqual({ state: 'blocked', since: 5 });
    const [unblockedAgain] = unblocked(before['asked while blocked'], ben);
    expect(contactSeenBy(unblockedAgain, ben)).toBeNull();
  });
});

describe('blocks of a pair', () => {
  const marked: Pair = {
    ...contacts,
    members: [member(ada, 9, 8), member(ben, 7, 3)],
  };
  const byBen: Pair = { ...marked, blocks: [{ by: ben, at: AT, received: 7, read: 3 }] };

  it('stand beside the relation with the marks as they were, once for each side', () => {
    expect(blocked(marked, ben, AT)).toEqual([byBen, 'blocked']);
    expect(blocked(byBen, ben, 99)).toEqual([byBen, 'blocked']);
    expect(blocked(byBen, ben, 99)[0]).toBe(byBen);
    const [both] = blocked(byBen, ada, 40);
    expect(both.blocks).toEqual([
      { by: ben, at: AT, received: 7, read: 3 },
      { by: ada, at: 40, received: 9, read: 8 },
    ]);
  });

  it('have no marks of a member that the pair does not list', () => {
    expect(blocked({ ...nothing, members: [] }, ada, AT)[0].blocks).toEqual([
      { by: ada, at: AT, received: 0, read: 0 },
    ]);
  });

  it('are taken back by their own side alone', () => {
    const [both] = blocked(byBen, ada, 40);
    expect(unblocked(both, ben)).toEqual([{ ...both, blocks: both.blocks.slice(1) }, 'unblocked']);
    expect(unblocked(byBen, ada)).toEqual([byBen, 'none']);
  });

  it('hide marks that have moved since from the one who is blocked, and from nobody else', () => {
    const members = marked.members.map(member => ({ ...member, received: 50, read: 50 }));
    const later = { ...byBen, members };
    const now = { received: 50, read: 50 };
    expect(marksSeenBy(later, ada)).toEqual([
      { userId: ada, ...now },
      { userId: ben, received: 7, read: 3 },
    ]);
    expect(marksSeenBy(later, ben)).toEqual([ada, ben].map(userId => ({ userId, ...now })));
  });

  it('go with everything else of a member who is gone; the other keeps their marks, and the conversation', () => {
    expect(withoutMember(byBen, ben)).toEqual({
      members: [member(ada, 9, 8), member(ben, 0, 0)],
      relation: null,
      blocks: [],
      openedAt: 7,
    });
  });
});
