import { OUTBOX_FRAMES } from '#protocol/limits';
import { ACK_EVERY } from '#protocol/outbox';
import { keyOf } from './refused-frame';
import { NO_SESSION, nextSession, unsaid, type Session, type SessionEffect, type SessionEvent } from './session';
import { type Heard, type Said } from './said';
import { CONVERSATION, devicesChanged, post, uuid, welcomeOf } from './testing/frames';

describe('a session, step by step', () => {
  const after = (...events: SessionEvent[]): Session =>
    events.reduce((session, event) => nextSession(session, event)[0], NO_SESSION);
  const opened: SessionEvent = { type: 'opened', token: 't' };
  const text = (value: string): SessionEvent => ({ type: 'text', text: value });
  const say = (n: number): SessionEvent => ({ type: 'say', frame: post(n) });
  const ack = (upTo: number): SessionEvent => text(`{"type":"ack","upTo":${upTo}}`);
  const closed = (blamed?: number | null): SessionEvent => ({ type: 'closed', blamed });
  const live = [opened, text(welcomeOf(uuid(10), 'new', 0))];
  const resumed = (upTo: number): SessionEvent[] => [opened, text(welcomeOf(uuid(10), 'resumed', upTo))];
  const typing: Said = { type: 'chat.typing', conversationId: CONVERSATION };
  const write = (frame: object): SessionEffect => ({ type: 'write', text: JSON.stringify(frame) });
  const PING = write({ type: 'ping' });
  const broken = (why: string): SessionEffect => ({ type: 'broken', why });
  const deliver = (frame: string, unconfirmed: Said[] = []): SessionEffect => ({
    type: 'deliver',
    frame: JSON.parse(frame) as Heard,
    unconfirmed,
  });
  const refused = (n: number): SessionEffect =>
    deliver(
      JSON.stringify({
        type: 'fault',
        re: { type: 'chat.post', id: uuid(n) },
        code: 'malformed',
        detail: 'the server closed the socket for it',
      }),
    );
  const devices = (n: number): SessionEvent[] => Array.from({ length: n }, (_, i) => text(devicesChanged(i + 1)));
  const written = (n: number, number: number, more: object = {}) => write({ ...post(n), n: number, ...more });

  const steps: [what: string, before: SessionEvent[], event: SessionEvent, effects: SessionEffect[]][] = [
    ['greets', [], opened, [write({ type: 'hello', token: 't' })]],
    ['does not renew apart', [...live, closed()], { type: 'renew', token: 'v' }, []],
    ['does not renew while it greets', [opened], { type: 'renew', token: 'v' }, []],
    ['hears nothing apart', [...live, closed()], text('x'), []],
    ['wants a welcome first', [opened], text(devicesChanged(1)), [broken('no welcome')]],
    ['has found nobody when all are confirmed', [...live, say(1), closed(null), ...resumed(0)], ack(1), []],
    ['goes on after what is brief', [...live, { type: 'say', frame: typing }], say(1), [written(1, 1)]],
    ['takes no ping for it', [opened], text('{"type":"ping"}'), [broken('no welcome')]],
    ['goes apart without a word', live, { type: 'closed' }, []],
    ['has told with what is brief', [...live, ...devices(1), { type: 'say', frame: typing }], { type: 'ack-time' }, []],
    [
      'hands on a frame alone',
      [...live, say(1)],
      text(devicesChanged(1)),
      [deliver(devicesChanged(1)), { type: 'ack-soon' }],
    ],
    [
      'takes an old ack in a new frame',
      [...live, say(1), say(2), ack(2)],
      text('{"type":"devices.changed","n":1,"ack":1}'),
      [deliver('{"type":"devices.changed","n":1,"ack":1}'), { type: 'ack-soon' }],
    ],
    ['withdraws what it has not said', [...live, say(1)], { type: 'withdraw', key: keyOf(post(2)) }, []],
    ['withdraws apart without a word', [...live, say(1), closed()], { type: 'withdraw', key: keyOf(post(1)) }, []],
    ['takes no numbered one for it', [opened], text(welcomeOf(uuid(10), 'new', 0, 1)), [broken('no welcome')]],
    ['is welcomed once', live, text(welcomeOf(uuid(10), 'new', 0)), [broken('welcomed twice')]],
    [
      'resumes its own',
      [...live, closed(), opened],
      text(welcomeOf(uuid(99), 'resumed', 0)),
      [broken('not our session')],
    ],
    [
      'resumes with what was sent',
      [...live, closed(), opened],
      text(welcomeOf(uuid(10), 'resumed', 1)),
      [broken('not our session')],
    ],
    ['says what it could not read', live, text('x'), [broken('not-json: no JSON text')]],
    ['takes no gap', live, text(devicesChanged(2)), [broken('a frame is missing')]],
    ['takes no ack of what was not sent', live, ack(1), [broken('confirmed what was never sent')]],
    ['is told of an ack and says nothing', [...live, say(1)], ack(1), []],
    ['says nothing brief apart', [], { type: 'say', frame: typing }, []],
    ['says nothing brief while it greets', [opened], { type: 'say', frame: typing }, []],
    ['says what is brief', live, { type: 'say', frame: typing }, [write(typing)]],
    ['lets it carry the ack', [...live, ...devices(1)], { type: 'say', frame: typing }, [write({ ...typing, ack: 1 })]],
    ['holds what it says apart', [...live, closed()], say(1), []],
    ['holds what it says while it greets', [opened], say(1), []],
    ['acknowledges in time', [...live, ...devices(1)], { type: 'ack-time' }, [write({ type: 'ack', upTo: 1 })]],
    ['has nothing to acknowledge', live, { type: 'ack-time' }, []],
    ['acknowledges nothing apart', [...live, ...devices(1), closed()], { type: 'ack-time' }, []],
    ['acknowledges once', [...live, ...devices(1), { type: 'ack-time' }], { type: 'ack-time' }, []],
    ['asks for time', live, text(devicesChanged(1)), [deliver(devicesChanged(1)), { type: 'ack-soon' }]],
    ['asks for it once', [...live, ...devices(1)], text(devicesChanged(2)), [deliver(devicesChanged(2))]],
    [
      'does not wait when much has come',
      [...live, ...devices(ACK_EVERY - 1)],
      text(devicesChanged(ACK_EVERY)),
      [write({ type: 'ack', upTo: ACK_EVERY }), deliver(devicesChanged(ACK_EVERY))],
    ],
    [
      'has told what it acknowledged so',
      [...live, ...devices(ACK_EVERY)],
      text(devicesChanged(ACK_EVERY + 1)),
      [deliver(devicesChanged(ACK_EVERY + 1)), { type: 'ack-soon' }],
    ],
    ['hears a frame once', [...live, ...devices(1)], text(devicesChanged(1)), []],
    [
      'hears what has no number',
      live,
      text('{"type":"presence","userId":"' + uuid(2) + '","state":"online"}'),
      [deliver('{"type":"presence","userId":"' + uuid(2) + '","state":"online"}')],
    ],
    [
      'takes a later picture where nothing is missing from it',
      [...live, say(1), ack(1)],
      text(welcomeOf(uuid(10), 'again', 1, 1)),
      [deliver(welcomeOf(uuid(10), 'again', 1, 1)), { type: 'ack-soon' }],
    ],
    [
      'takes no picture that lacks what is confirmed',
      [...live, say(1), ack(1)],
      text(welcomeOf(uuid(10), 'again', 0, 1)),
      [broken('a resume has overtaken this welcome')],
    ],
    [
      'knows such a picture already',
      [...live, text(welcomeOf(uuid(10), 'again', 0, 1)), say(1), ack(1)],
      text(welcomeOf(uuid(10), 'again', 0, 1)),
      [{ type: 'ack-soon' }],
    ],
    ['withdraws what is held without a word', [opened, say(1)], { type: 'withdraw', key: keyOf(post(1)) }, []],
    ['ends to withdraw', [...live, say(1)], { type: 'withdraw', key: keyOf(post(1)) }, [broken('withdrawn')]],
    ['notes whom a close names', [...live, say(1), say(2)], closed(2), []],
    ['takes out who is named again', [...live, say(1), closed(1), ...resumed(0)], closed(1), [refused(1)]],
    ['takes out nobody else', [...live, say(1), say(2), closed(1), ...resumed(0)], closed(2), []],
    [
      'counts from what is confirmed',
      [...live, say(1), say(2), ack(1), closed(2), ...resumed(1)],
      closed(2),
      [refused(2)],
    ],
    ['looks for whom no close names', [...live, say(1), say(2)], closed(null), []],
    ['looks for one that it does not know', [...live, say(1)], closed(9), []],
    [
      'says one at a time then',
      [...live, say(1), say(2), closed(null), opened],
      text(welcomeOf(uuid(10), 'resumed', 0)),
      [written(1, 1), PING, deliver(welcomeOf(uuid(10), 'resumed', 0), [post(1), post(2)])],
    ],
    [
      'says the next when it is confirmed',
      [...live, say(1), say(2), closed(null), ...resumed(0)],
      ack(1),
      [written(2, 2), PING],
    ],
    ['keeps others back meanwhile', [...live, say(1), closed(null), ...resumed(0)], say(2), []],
    ['waits for the confirmation', [...live, say(1), say(2), closed(null), ...resumed(0)], ack(0), []],
    [
      'takes out the one on its way',
      [...live, say(1), say(2), closed(null), ...resumed(0)],
      closed(null),
      [refused(1)],
    ],
    ['has nobody to take out before one is sent', [...live, say(1), closed(null)], closed(null), []],
    [
      'has nobody to take out who is confirmed',
      [...live, say(1), closed(null), ...resumed(0), ack(1)],
      closed(null),
      [],
    ],
    [
      'says all again once all are confirmed',
      [...live, say(1), closed(null), ...resumed(0), ack(1)],
      say(2),
      [written(2, 2)],
    ],
    [
      'looks on in a new session',
      [...live, say(1), closed(null), opened, text(welcomeOf(uuid(11), 'new', 0)), say(1)],
      say(2),
      [],
    ],
  ];
  for (const [what, before, event, effects] of steps) {
    it(`${what}: ${event.type} after ${
      before
        .map(({ type }) => type)
        .slice(-6)
        .join(', ') || 'nothing'
    }`, () => {
      expect(nextSession(after(...before), event)[1]).toEqual(effects);
    });
  }

  it('begins with the next session where it was broken, and keeps whom it looks for', () => {
    const lost = after(...live, say(1), text('x'));
    expect(lost).toEqual(jasmine.objectContaining({ phase: 'apart', resumes: null }));
    expect(nextSession(lost, opened)[1]).toEqual([write({ type: 'hello', token: 't' })]);
  });

  it('holds no more than two outboxes do, the newest', () => {
    const most = 2 * OUTBOX_FRAMES;
    const held = unsaid(after(...Array.from({ length: most + 1 }, (_, n) => say(n))));
    expect([held.length, held[0], held.at(-1)]).toEqual([most, post(1), post(most)]);
  });

  it('holds what a session that is over had unconfirmed before what is said afterwards', () => {
    const frames = Array.from({ length: OUTBOX_FRAMES + 3 }, (_, n) => n);
    const lost = after(...live, ...frames.map(say));
    expect(unsaid(lost)).toEqual(frames.map(n => post(n)));
  });

  it('D4b is lost with more unconfirmed than an outbox holds, and says all of it to be lost', () => {
    const many = Array.from({ length: OUTBOX_FRAMES }, (_, n) => say(n));
    const full = after(...live, ...many);
    const [lost, effects] = nextSession(full, say(OUTBOX_FRAMES));
    expect(effects).toEqual([broken('too much unconfirmed')]);
    expect(lost).toEqual(jasmine.objectContaining({ phase: 'apart', resumes: null }));
    expect(unsaid(lost)).toEqual(Array.from({ length: OUTBOX_FRAMES + 1 }, (_, n) => post(n)));
  });

  it('forgets whom it noted and looked for, when one was taken out', () => {
    const named = after(...live, say(1), say(2), closed(1), ...resumed(0), closed(1));
    expect(named).toEqual({ ...NO_SESSION, held: [post(2)] } as Session);
    const found = after(...live, say(1), say(2), closed(null), ...resumed(0), closed(null));
    expect(found).toEqual({ ...NO_SESSION, held: [post(2)] } as Session);
  });

  it('notes whom a close names, counted from what is confirmed, and whom it looks for', () => {
    const apart = (...events: SessionEvent[]) => {
      const { phase, blamed, probe } = after(...live, say(1), say(2), say(3), ...events);
      expect(phase).toBe('apart');
      return { blamed, probe };
    };
    const two = [ack(1), closed(3)];
    expect(apart(closed(1))).toEqual({ blamed: keyOf(post(1)), probe: null });
    expect(apart(...two)).toEqual({ blamed: keyOf(post(3)), probe: null });
    expect(apart(closed(null))).toEqual({ blamed: null, probe: { written: 0 } });
    expect(apart(closed(null), ...resumed(0), closed(2))).toEqual({ blamed: keyOf(post(2)), probe: { written: 0 } });
    const afresh = after(...live, say(1), closed(null), opened, text(welcomeOf(uuid(11), 'new', 0)));
    expect(afresh.probe).toEqual({ written: 0 });
    expect(after(...live, opened, text(welcomeOf(uuid(11), 'new', 0))).probe).toBeNull();
    expect(after(...live, say(1), closed(null), ...resumed(0)).probe).toEqual({ written: 1 });
  });

  it('takes the ack that any frame carries', () => {
    const heard = after(...live, say(1), text('{"type":"devices.changed","n":1,"ack":1}'));
    expect(unsaid(heard)).toEqual([]);
  });
});
