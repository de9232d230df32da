import { type ConversationId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { keyOf, refusal, whyRefused } from './refused-frame';
import { type Said } from './said';
import { NO_SESSION, nextSession, unsaid, type SessionEvent } from './session';
import { post, uuid, welcomeOf } from './testing/frames';

describe('a frame that no server takes', () => {
  it('is not queued: its owner hears that it was refused, and the session goes on', () => {
    const data = JSON.stringify({ kind: 'text', body: '\u0000'.repeat(8_000) });
    let [session, effects] = nextSession(NO_SESSION, { type: 'say', frame: post(4, data) });
    expect(unsaid(session)).toEqual([]);
    expect(effects).toEqual([jasmine.objectContaining({ type: 'deliver' })]);
    const [refused] = effects.flatMap(effect => (effect.type === 'deliver' ? [effect.frame] : []));
    expect(refused).toEqual(
      jasmine.objectContaining({ type: 'fault', re: { type: 'chat.post', id: uuid(4) }, code: 'malformed' }),
    );
    [session, effects] = nextSession(session, { type: 'say', frame: post(5) });
    expect(unsaid(session)).toEqual([post(5)]);
  });

  it('is found by its schema, by its size on the wire and by its encoding', () => {
    expect(whyRefused(post(4))).toBeNull();
    expect(whyRefused({ type: 'presence', visible: true })).toBeNull();
    expect(whyRefused({ type: 'chat.typing', conversationId: uuid(1) })).toBeNull();
    for (const frame of [
      post(4, ''),
      post(4, 'x'.repeat(49_153)),
      post(4, 'é'.repeat(24_577)),
      post(4, '"'.repeat(24_577)),
      post(4, '\ud800'),
      { ...post(4), conversationId: anId<ConversationId>('c') },
    ]) {
      expect(whyRefused(frame)).not.toBeNull();
    }
    for (const data of ['x'.repeat(49_152), 'é'.repeat(24_576), '"'.repeat(24_576), '\u0000']) {
      expect(whyRefused(post(4, data))).toBeNull();
    }
  });
});

describe('what a frame is called', () => {
  const read: Said = { type: 'chat.read', conversationId: uuid(1), seq: 1 };
  const retract: Said = {
    type: 'chat.retract',
    conversationId: uuid(1),
    target: { conversationId: uuid(1), authorId: uuid(2), id: uuid(4) },
  };
  const accept: Said = { type: 'call.accept', receiverId: uuid(2), callId: uuid(3) };
  const visible: Said = { type: 'presence', visible: true };

  it('is the same in every session', () => {
    expect(keyOf(post(4))).toBe(`chat.post ${uuid(1)} ${uuid(4)}`);
    expect(keyOf(read)).toBe(`chat.read ${uuid(1)} `);
    expect(keyOf(retract)).toBe(`chat.retract ${uuid(1)} ${uuid(4)}`);
    expect(keyOf(accept)).toBe(`call.accept ${uuid(3)}`);
    expect(keyOf(visible)).toBe('presence ');
  });

  it('is what a server would name in its fault', () => {
    const re = (frame: Said) => refusal(frame, 'why').re;
    expect(refusal(post(4), 'why')).toEqual({
      type: 'fault',
      re: { type: 'chat.post', id: uuid(4) },
      code: 'malformed',
      detail: 'why',
    });
    expect(re(read)).toEqual({ type: 'chat.read', id: uuid(1) });
    expect(re(retract)).toEqual({ type: 'chat.retract', id: uuid(4) });
    expect(re(accept)).toEqual({ type: 'call.accept', id: uuid(3) });
    expect(re(visible)).toEqual({ type: 'presence' });
  });

  it('is said with the reason', () => {
    expect(whyRefused({ type: 'chat.post', conversationId: anId('c'), id: uuid(4), counts: true, data: '{}' })).toBe(
      'wrong-shape: chat.post: conversationId',
    );
  });
});

describe('what is withdrawn', () => {
  const opened: SessionEvent[] = [
    { type: 'opened', token: 't' },
    { type: 'text', text: welcomeOf(uuid(10), 'new', 0) },
  ];
  const run = (...events: SessionEvent[]) => {
    let session = NO_SESSION;
    const effects = events.flatMap(event => {
      const [next, made] = nextSession(session, event);
      session = next;
      return made;
    });
    return { session, broken: effects.filter(({ type }) => type === 'broken').length };
  };
  const withdraw: SessionEvent = { type: 'withdraw', key: keyOf(post(4)) };

  it('leaves the session alone where it has no number yet, or is confirmed', () => {
    const held = run({ type: 'say', frame: post(4) }, { type: 'say', frame: post(5) }, withdraw);
    expect(unsaid(held.session)).toEqual([post(5)]);
    const confirmed = run(
      ...opened,
      { type: 'say', frame: post(4) },
      { type: 'text', text: '{"type":"ack","upTo":1}' },
    );
    expect(nextSession(confirmed.session, withdraw)).toEqual([confirmed.session, []]);
  });

  it('ends the session where the server may have its number, and the rest is said in the next', () => {
    const said: SessionEvent[] = [4, 5].map(n => ({ type: 'say', frame: post(n) }));
    const live = run(...opened, ...said, withdraw);
    expect(live.session).toEqual(jasmine.objectContaining({ phase: 'apart', resumes: null, held: [post(5)] }));
    expect(live.broken).toBe(1);
    const apart = run(...opened, ...said, { type: 'closed' }, withdraw);
    expect(apart.session).toEqual(jasmine.objectContaining({ resumes: null, held: [post(5)] }));
    expect(apart.broken).toBe(0);
  });
});
