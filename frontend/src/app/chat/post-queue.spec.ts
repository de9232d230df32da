import * as fc from 'fast-check';
import { type ConversationId, type MessageId } from '#protocol/ids';
import { type Fault } from '#protocol/session-frames';
import { anId } from '#protocol/testing/ids';
import { NO_POSTS, nextPosts, type Post, type PostEvent, type PostQueue } from './post-queue';

const post = (order: number, conversationId = 'a'): Post => ({
  id: anId(`p${order}`),
  conversationId: anId(conversationId),
  content: { kind: 'text', body: 'hello' },
  counts: true,
  at: order,
  order,
});
const fault = (id: string, retryMs?: number): Fault => ({
  type: 'fault',
  re: { type: 'chat.post', id },
  code: retryMs === undefined ? 'not-contacts' : 'try-later',
  detail: '',
  ...(retryMs === undefined ? {} : { retryMs }),
});
const live: PostEvent = { type: 'live', kept: false };

function run(...events: PostEvent[]): { queue: PostQueue; sent: string[]; effects: string[] } {
  let queue = NO_POSTS;
  const sent: string[] = [];
  const effects: string[] = [];
  for (const event of events) {
    const [next, made] = nextPosts(queue, event);
    queue = next;
    for (const effect of made) {
      if (effect.type === 'send') sent.push(effect.post.id);
      effects.push(effect.type);
    }
  }
  return { queue, sent, effects };
}
const wrote = (one: Post): PostEvent => ({ type: 'wrote', post: one });
const posted = (one: Post): PostEvent => ({ type: 'posted', conversationId: one.conversationId, id: one.id });

describe('post queue', () => {
  it('keeps before it sends, and sends nothing while offline', () => {
    expect(run(wrote(post(1))).effects).toEqual(['keep']);
    expect(run(live, wrote(post(1))).effects).toEqual(['keep', 'send']);
  });

  it('has one post on its way in each conversation, in order of writing', () => {
    const { sent } = run(wrote(post(1)), wrote(post(2)), wrote(post(3, 'b')), live);
    expect(sent).toEqual(['p1', 'p3']);
    expect(run(wrote(post(1)), wrote(post(2)), live, posted(post(1))).sent).toEqual(['p1', 'p2']);
  });

  it('leaves to the outbox what a resumed session still carries, and sends it again in a new one', () => {
    const before = [live, wrote(post(1)), { type: 'lost' }] as const;
    expect(run(...before, { type: 'live', kept: true }).sent).toEqual(['p1']);
    expect(run(...before, live).sent).toEqual(['p1', 'p1']);
  });

  it('stops behind a refused post until somebody retries or deletes it', () => {
    const refused = [live, wrote(post(1)), wrote(post(2)), { type: 'refused', fault: fault('p1') }] as const;
    const { queue, sent } = run(...refused);
    expect(sent).toEqual(['p1']);
    expect(queue.posts[0]?.fault).toBe('not-contacts');
    expect(run(...refused, { type: 'retry', id: anId('p1') }).sent).toEqual(['p1', 'p1']);
    expect(run(...refused, { type: 'delete', id: anId('p1') }).sent).toEqual(['p1', 'p2']);
  });

  it('lets those behind go on where a post was refused for what it is itself', () => {
    const malformed: PostEvent = { type: 'refused', fault: { ...fault('p1'), code: 'malformed' } };
    const { sent, queue } = run(live, wrote(post(1)), wrote(post(2)), malformed, posted(post(2)), wrote(post(3)));
    expect(sent).toEqual(['p1', 'p2', 'p3']);
    expect(queue.posts.map(({ id }) => id)).toEqual([anId('p1'), anId('p3')]);
  });

  it('can be deleted while it waits, while it is put off, and on its way, where it is withdrawn', () => {
    const deleted: PostEvent = { type: 'delete', id: anId('p1') };
    expect(run(wrote(post(1)), deleted).effects).toEqual(['keep', 'forget']);
    expect(run(live, wrote(post(1)), deleted).effects).toEqual(['keep', 'send', 'withdraw', 'forget']);
    const putOff = [live, wrote(post(1)), { type: 'refused', fault: fault('p1', 500) }] as const;
    expect(run(...putOff, deleted).effects).toEqual(['keep', 'send', 'pause', 'forget']);
    for (const events of [
      [wrote(post(1)), deleted],
      [live, wrote(post(1)), deleted],
      [...putOff, deleted],
    ]) {
      const { queue } = run(...events);
      expect([queue.posts, [...queue.onTheirWay], [...queue.putOff]]).toEqual([[], [], []]);
    }
  });

  it('knows what the server has put off until it is posted, also while it is on its way again', () => {
    const putOff = [live, wrote(post(1)), { type: 'refused', fault: fault('p1', 500) }] as const;
    const again: PostEvent[] = [...putOff, { type: 'pause-over', conversationId: anId('a') }];
    expect([...run(...again).queue.putOff]).toEqual([anId('p1')]);
    expect([...run(...again, posted(post(1))).queue.putOff]).toEqual([]);
  });

  it('comes back later when it is asked to', () => {
    const paused = [live, wrote(post(1)), { type: 'refused', fault: fault('p1', 500) }] as const;
    expect(run(...paused).effects.at(-1)).toBe('pause');
    expect(run(...paused, wrote(post(2))).sent).toEqual(['p1']);
    expect(run(...paused, { type: 'pause-over', conversationId: anId('a') }).sent).toEqual(['p1', 'p1']);
  });

  it('holds a conversation in which nothing is encrypted until keys have come, and no other', () => {
    const held: PostEvent = { type: 'held', id: anId('p1'), why: 'no-identity' };
    const before = [live, wrote(post(1)), wrote(post(2)), wrote(post(3, 'b')), held] as const;
    expect(run(...before, live).sent).toEqual(['p1', 'p3', 'p3']);
    expect([...run(...before).queue.held]).toEqual([[anId('a'), 'no-identity']]);
    expect(run(...before, { type: 'released' }).sent).toEqual(['p1', 'p3', 'p1']);
    const tooLarge = run(live, wrote(post(1)), wrote(post(2)), { type: 'held', id: anId('p1'), why: 'too-large' });
    expect([tooLarge.queue.posts[0]?.fault, tooLarge.sent]).toEqual(['malformed', ['p1', 'p2']]);
  });

  it('encrypts again after a while where that has failed', () => {
    const failed: PostEvent = { type: 'held', id: anId('p1'), why: 'failed' };
    const { effects } = run(live, wrote(post(1)), failed);
    expect(effects).toEqual(['keep', 'send', 'pause']);
    const over: PostEvent = { type: 'pause-over', conversationId: anId('a') };
    expect(run(live, wrote(post(1)), failed, over).sent).toEqual(['p1', 'p1']);
    expect(run(live, failed).effects).withContext('of no post that is on its way').toEqual([]);
  });

  it('ignores a fault about a post that is not on its way', () => {
    expect(run(wrote(post(1)), { type: 'refused', fault: fault('p1') }).queue.posts[0]?.fault).toBeUndefined();
  });

  it('takes up after a start what the last one left, before what is written now', () => {
    const { sent } = run(wrote(post(5)), { type: 'loaded', posts: [post(1), post(5)] }, live, posted(post(1)));
    expect(sent).toEqual(['p1', 'p5']);
  });

  it('lets those behind a post go on at each code that is about the message itself', () => {
    for (const code of ['malformed', 'internal'] as const) {
      const refused: PostEvent = { type: 'refused', fault: { ...fault('p1'), code } };
      expect(run(live, wrote(post(1)), wrote(post(2)), refused).sent).toEqual(['p1', 'p2']);
    }
  });

  it('knows each post once, in order of writing, whatever order they come in', () => {
    const loaded: PostEvent = { type: 'loaded', posts: [post(4), post(2), post(1)] };
    const { queue, effects } = run(wrote(post(2)), wrote(post(3)), loaded);
    expect(queue.posts.map(({ id }): string => id)).toEqual(['p1', 'p2', 'p3', 'p4']);
    expect(effects).toEqual(['keep', 'keep']);
  });

  it('sends nothing once the session is lost', () => {
    expect(run(live, { type: 'lost' }, wrote(post(1))).effects).toEqual(['keep']);
  });

  it('does to one post what is about it, and nothing to the others', () => {
    const both = [live, wrote(post(1)), wrote(post(2, 'b'))] as const;
    const { queue } = run(...both);
    const next = (event: PostEvent) => nextPosts(queue, event);
    const state = ({ posts, onTheirWay, paused, putOff }: PostQueue): Record<string, string[]> => ({
      posts: posts.map(({ id, fault: code }) => (code ? `${id} ${code}` : id)),
      onTheirWay: [...onTheirWay],
      paused: [...paused],
      putOff: [...putOff],
    });
    const none = { paused: [], putOff: [] };
    expect(next(posted(post(2, 'b')))).toEqual([jasmine.anything(), []]);
    expect(state(next(posted(post(2, 'b')))[0])).toEqual({ posts: ['p1'], onTheirWay: ['p1'], ...none });
    expect(next({ type: 'delete', id: anId('p2') })[1]).toEqual([
      { type: 'withdraw', post: post(2, 'b') },
      { type: 'forget', id: anId('p2') },
    ]);
    const [failed, kept] = next({ type: 'refused', fault: fault('p2') });
    expect(kept).toEqual([{ type: 'keep', post: { ...post(2, 'b'), fault: 'not-contacts' } }]);
    expect(state(failed)).toEqual({ posts: ['p1', 'p2 not-contacts'], onTheirWay: ['p1'], ...none });
    expect(nextPosts(failed, { type: 'retry', id: anId('p2') })[1]).toEqual([
      { type: 'keep', post: post(2, 'b') },
      { type: 'send', post: post(2, 'b') },
    ]);
    const [later, paused] = next({ type: 'refused', fault: fault('p2', 500) });
    expect(paused).toEqual([{ type: 'pause', conversationId: anId('b'), ms: 500 }]);
    expect(state(later)).toEqual({ posts: ['p1', 'p2'], onTheirWay: ['p1'], paused: ['b'], putOff: ['p2'] });
    const [over, sends] = nextPosts(
      { ...later, paused: new Set<ConversationId>([anId('b'), anId('c')]) },
      { type: 'pause-over', conversationId: anId('b') },
    );
    expect(sends).toEqual([{ type: 'send', post: post(2, 'b') }]);
    expect([...over.paused]).toEqual([anId('c')]);
  });

  it('stays itself where an event is about nothing that it has', () => {
    const { queue } = run(live, wrote(post(1)));
    for (const event of [
      posted(post(1, 'b')),
      posted(post(7)),
      { type: 'refused', fault: fault('p7') },
    ] satisfies PostEvent[]) {
      const [same, effects] = nextPosts(queue, event);
      expect(same).toBe(queue);
      expect(effects).toEqual([]);
    }
  });

  it('posts everything once and in order over any cuts (seed printed by fast-check)', () => {
    type Step = 'write' | 'lost' | 'resumed' | 'new' | 'arrive' | 'answer';
    const steps = fc.array(fc.constantFrom<Step>('write', 'write', 'lost', 'resumed', 'new', 'arrive', 'answer'), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, plan => {
        let queue = NO_POSTS;
        let wire: MessageId[] = [];
        let answers: MessageId[] = [];
        const server: string[] = [];
        let order = 0;
        const dispatch = (event: PostEvent): void => {
          const [next, effects] = nextPosts(queue, event);
          queue = next;
          effects.forEach(effect => effect.type === 'send' && wire.push(effect.post.id));
        };
        const arrive = (): void => {
          const id = wire.shift();
          if (id === undefined) return;
          if (!server.includes(id)) server.push(id);
          answers.push(id);
        };
        const answer = (): void => {
          const id = answers.shift();
          if (id !== undefined) dispatch({ type: 'posted', conversationId: anId('a'), id });
        };
        const act: Record<Step, () => void> = {
          write: () => dispatch(wrote(post(++order))),
          lost: () => dispatch({ type: 'lost' }),
          resumed: () => dispatch({ type: 'live', kept: true }),
          new: () => {
            wire = [];
            answers = [];
            dispatch(live);
          },
          arrive,
          answer,
        };
        plan.forEach(step => act[step]());
        act.new();
        while (wire.length + answers.length > 0) {
          arrive();
          answer();
        }
        expect(server).toEqual(Array.from({ length: order }, (_, i) => `p${i + 1}`));
        expect(queue.posts).toEqual([]);
      }),
    );
  });
});
