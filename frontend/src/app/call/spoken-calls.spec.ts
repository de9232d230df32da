import { EnvironmentInjector, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { isInCall, linkWanted, phaseOf } from '#protocol/call-client-state';
import { type FromSeat, isSeatFrame } from '#protocol/call-frames';
import { type Description, type MediaState } from '#protocol/content';
import { type DeviceAddress } from '#protocol/ids';
import { base64, random } from '../../../crypto/bytes.ts';
import { type Heard } from '../signaling/said';
import { marked, remarked } from './testing/marked-seal';
import { type CallPage, Switchboard } from './testing/switchboard';
import { until } from './testing/until';

type Inside = Partial<Description & MediaState>;

/** A fingerprint that is nobody's here. */
const EVIL = 'a=fingerprint:sha-256 ' + Array.from({ length: 32 }, () => '66').join(':');

describe('The code of a call', () => {
  let board: Switchboard;
  let anna: CallPage;
  let ben: CallPage;
  /** Everything that the seats have heard, opened, in its order. */
  let heard: { readonly by: 'anna' | 'ben'; readonly type: string; readonly inside: Inside }[];
  /** What the server makes of what is said to a seat. */
  let changed: (type: string, inside: Inside) => Inside;

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
    board = new Switchboard();
    anna = board.open(TestBed.inject(EnvironmentInjector), 1);
    ben = board.open(TestBed.inject(EnvironmentInjector), 2);
    heard = [];
    changed = (_, inside) => inside;
    board.tamper = (frame, to) => tampered(frame, to);
  });
  afterEach(() => board.close());

  function tampered(frame: Heard, to: DeviceAddress): Heard {
    if (!isSeatFrame(frame)) return frame;
    const { type } = frame;
    const data = remarked(frame.data, text => {
      const inside = changed(type, JSON.parse(text) as Inside);
      heard.push({ by: to.deviceId === anna.seat.deviceId ? 'anna' : 'ben', type, inside });
      return JSON.stringify(inside);
    });
    return { ...frame, data };
  }
  const both = () => [anna, ben].map(({ link }) => link.code());
  const stateOf = (page: CallPage) => phaseOf(page.call.state());
  const reasonOf = (page: CallPage) => {
    const call = page.call.state();
    return call.state === 'idle' ? call.last?.reason : undefined;
  };
  const accept = async () => {
    anna.call.place(ben.seat.userId, 'audio');
    await until('ben rings', () => stateOf(ben) === 'incoming');
    await ben.call.answer({ type: 'accept', media: 'audio' });
  };
  const connect = async () => {
    await accept();
    await until('both connected', () => [anna, ben].every(page => stateOf(page) === 'connected'));
  };
  const haveCodes = () => until('both have a code', () => both().every(code => code !== null));
  /** Another word of Anna's seat, as her device would seal it. */
  const annaSays = (type: FromSeat['type'], inside: Inside) => {
    const call = anna.call.state();
    if (!isInCall(call)) throw new Error('not in a call');
    const said = { type, callId: call.callId, link: 1, data: JSON.stringify(inside) };
    const [senderId, receiverId] = [anna.seat.userId, ben.seat.userId];
    const data = marked(anna.seat, ben.seat, said);
    ben.signaling.heard.next({ ...said, data, senderId, receiverId, deviceId: anna.seat.deviceId });
  };
  /** Everything that was said so far is heard, and what a code would need is over. */
  const settle = async () => {
    await until('ben has heard a media state', () => ben.link.peer() !== null);
    const before = ben.link.peer()?.microphone;
    anna.media.toggleMute();
    await until('ben hears what was said last', () => ben.link.peer()?.microphone !== before);
  };

  it('CA38a, CA38b: is committed to in the offer, taken in the answer, and revealed behind it', async () => {
    await connect();
    await haveCodes();
    const [first, second] = both();
    expect(first?.emoji).toEqual(second?.emoji);
    const offer = heard.findIndex(({ type }) => type === 'call.offer');
    const answer = heard.findIndex(({ type }) => type === 'call.answer');
    const reveal = heard.findIndex(({ inside }) => inside.nonce !== undefined);
    const committed = heard[offer]?.inside.commitment;
    expect(committed).toMatch(/^[A-Za-z0-9+/]{43}$/);
    expect(heard[answer]?.inside.commitment).toBe(committed);
    expect(reveal).toBeGreaterThan(answer);
    expect(heard.filter(({ by, inside }) => by === 'anna' && inside.nonce !== undefined)).toEqual([]);
    expect(new Set(heard.map(({ inside }) => inside.nonce)).size)
      .withContext('one nonce, or none')
      .toBe(2);
  });

  it('CA38d, CA38f: is of the identities that each end has: exchanged by the server at both, the codes differ', async () => {
    const evil = 'an identity of the server';
    anna.seal.masterKeyOf = userId => (userId === ben.seat.userId ? evil : `master key of ${userId}`);
    ben.seal.masterKeyOf = userId => (userId === anna.seat.userId ? evil : `master key of ${userId}`);
    await connect();
    await haveCodes();
    const [first, second] = both();
    expect(first?.emoji).not.toEqual(second?.emoji);
    expect(first?.masterKey).withContext('who says that they are the same verifies this one').toBe(evil);
  });

  it('CA38d: is of the fingerprints that each end has: exchanged on the way, the codes differ', async () => {
    changed = (_, inside) =>
      inside.sdp === undefined ? inside : { ...inside, sdp: inside.sdp.replace(/a=fingerprint:.*/g, EVIL) };
    await accept();
    await haveCodes();
    const [first, second] = both();
    expect(first?.emoji).not.toEqual(second?.emoji);
  });

  it('CA38c: ends in words where another nonce is revealed than was committed to', async () => {
    const other = base64(random(32));
    changed = (_, inside) => (inside.nonce === undefined ? inside : { ...inside, nonce: other });
    await accept();
    await until('ben reads why', () => reasonOf(ben) === 'nonce-changed');
    await until('anna is free', () => stateOf(anna) === 'idle');
    expect(ben.link.code()).toBeNull();
  });

  it('CA38c: ends in words where a second nonce is revealed once the code is there', async () => {
    await connect();
    await haveCodes();
    annaSays('call.media-state', { microphone: 'on', video: 'none', nonce: base64(random(32)) });
    await until('ben reads why', () => reasonOf(ben) === 'nonce-changed');
  });

  it('CA38b, CA38d: is never revealed to an older app, and there is none', async () => {
    changed = (type, inside) => {
      const { commitment, ...older } = inside;
      return type === 'call.answer' && commitment !== undefined ? older : inside;
    };
    await connect();
    await settle();
    expect(heard.filter(({ inside }) => inside.nonce !== undefined)).toEqual([]);
    expect(anna.link.code()).toBeNull();
    expect(stateOf(anna)).toBe('connected');
  });

  it('CA38a: is not committed to by a later offer, nor by a nonce alone', async () => {
    changed = (type, inside) => {
      const { commitment, ...older } = inside;
      return type === 'call.offer' && commitment !== undefined ? older : inside;
    };
    await connect();
    const first = heard.find(({ type }) => type === 'call.offer')?.inside ?? {};
    changed = (_, inside) => inside;
    annaSays('call.offer', { ...first, round: 9, commitment: 'A'.repeat(43) });
    annaSays('call.media-state', { microphone: 'muted', video: 'none', nonce: base64(random(32)) });
    await until('ben has heard it', () => ben.link.peer()?.nonce !== undefined);
    await until('ben has answered the later offer', () =>
      heard.filter(({ by }) => by === 'anna').some(({ inside }) => inside.round === 9),
    );
    expect(heard.filter(({ by, inside }) => by === 'anna' && inside.commitment !== undefined)).toEqual([]);
    expect(both()).toEqual([null, null]);
    expect(stateOf(ben)).toBe('connected');
  });

  it('CA38e: is one for all links of a call, and another in the next', async () => {
    await connect();
    await haveCodes();
    const [before] = both();
    const call = anna.call.state();
    if (!isInCall(call)) throw new Error('not in a call');
    ben.call.dispatch({ type: 'link-broken', callId: call.callId, deviceId: anna.seat.deviceId, link: 1 });
    await until('both on the second link', () =>
      [anna, ben].every(page => stateOf(page) === 'connected' && linkWanted(page.call.state())?.link === 2),
    );
    await settle();
    expect(both().map(code => code?.emoji)).toEqual([before?.emoji, before?.emoji]);
    anna.call.leave();
    await until('both free', () => [anna, ben].every(page => stateOf(page) === 'idle'));
    await connect();
    await haveCodes();
    expect(both()[0]?.emoji).not.toEqual(before?.emoji);
  });

  it('CA38e: keeps nothing waiting: a call is up while its code is still computed', async () => {
    let answers: () => void = () => undefined;
    const codeOf = ben.seal.codeOf.bind(ben.seal);
    spyOn(ben.seal, 'codeOf').and.callFake(async seen => {
      await new Promise<void>(resolve => (answers = resolve));
      return codeOf(seen);
    });
    await connect();
    expect(ben.link.code()).toBeNull();
    await until('it is asked for', () => (ben.seal.codeOf as jasmine.Spy).calls.any());
    answers();
    await haveCodes();
  });
});
