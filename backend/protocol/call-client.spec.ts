import { concernsLink, survivesNewSession } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import {
  askingSince,
  clientDeadline,
  isRinging,
  linkWanted,
  mediaWanted,
  namedCalls,
} from '#protocol/call-client-state';
import { LINK_DOWN_MS, MAX_LINK, RING_GRACE_MS, RING_MS, WAITING_FOR_ANSWER_MS } from '#protocol/limits';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';
import { CallPage } from '#protocol/testing/call-page';
import { type DeviceId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';

const b1 = anId<DeviceId>('b1');

describe('placing a call', () => {
  it('CA5a: opens media and link at once, and offers nothing before the answer', () => {
    const page = new CallPage();
    expect(page.place('1')).toEqual(['call.invite 1']);
    expect(mediaWanted(page.call)).toBe('video');
    expect(linkWanted(page.call)).toEqual({ callId: anId('1'), link: 1, role: 'impolite', mayOffer: false });
    page.hears('call.accepted', '1');
    expect(linkWanted(page.call)).toEqual({ callId: anId('1'), link: 1, role: 'impolite', mayOffer: true });
    expect(page.call).toEqual(
      jasmine.objectContaining({ state: 'joined', seat: 0, links: new Map([[b1, page.peerLink]]) }),
    );
  });

  it('CA10a: counts the devices that show the ring', () => {
    const page = new CallPage();
    page.place('1');
    page.hears('call.ringing', '1');
    expect(page.call).toEqual(jasmine.objectContaining({ state: 'outgoing', devices: 2 }));
  });

  it('CA11a: without a live session fails at once, and says nothing', () => {
    const page = new CallPage();
    expect(page.place('1', 'b', false)).toEqual([]);
    expect(page.reason).toBe('offline');
  });

  it('CA11b: is given up when the socket is lost before the invite is confirmed', () => {
    const page = new CallPage();
    page.place('1');
    expect(page.act({ type: 'signaling-lost', waiting: page.frames })).toEqual(['call.hangup 1']);
    expect(page.reason).toBe('offline');
  });

  it('CA11b: goes on without a socket once the invite is confirmed', () => {
    const page = new CallPage();
    page.place('1');
    expect(page.act({ type: 'signaling-lost', waiting: [] })).toEqual([]);
    expect(page.call.state).toBe('outgoing');
  });

  it('CA26a: refused for good is unavailable; refused for now says so; neither was a call', () => {
    const page = new CallPage();
    page.place('1');
    expect(page.refused('call.invite', '1')).toEqual([]);
    expect(page.reason).toBe('unavailable');
    page.place('2');
    page.refused('call.invite', '2', 2_000);
    expect(page.reason).toBe('try-later');
  });

  it('CA1b: during another call does nothing', () => {
    const page = new CallPage().connected('1');
    const before = page.call;
    expect(page.place('2', 'c')).toEqual([]);
    expect(page.call).toBe(before);
  });

  it('CA8c: is given up five seconds after the server should have ended the ring', () => {
    const page = new CallPage();
    page.place('1');
    expect(page.passes(RING_MS + RING_GRACE_MS - 1)).toEqual([]);
    expect(page.passes(1)).toEqual(['call.hangup 1']);
    expect(page.reason).toBe('no-answer');
  });
});

describe('being rung', () => {
  it('CA10a: is confirmed once, when the page shows it, and again where a welcome tells of it again', () => {
    const page = new CallPage();
    expect(page.hears('call.invited', '1')).toEqual([]);
    expect(page.act({ type: 'ring-shown' })).toEqual(['call.ringing 1']);
    expect(page.act({ type: 'ring-shown' })).toEqual([]);
    page.welcomed('new', 'rung 1');
    expect(page.act({ type: 'ring-shown' })).toEqual(['call.ringing 1']);
  });

  it('CA27: captures nothing and builds no link before it is accepted', () => {
    const page = new CallPage();
    page.hears('call.invited', '1');
    expect([isRinging(page.call), mediaWanted(page.call), linkWanted(page.call)]).toEqual([true, null, null]);
    expect(page.act({ type: 'accept', media: 'audio' })).toEqual(['call.accept 1']);
    expect(mediaWanted(page.call)).toBe('audio');
    expect(linkWanted(page.call)?.role).toBe('polite');
    page.ended('1', 'hung-up');
    expect([mediaWanted(page.call), linkWanted(page.call)]).toEqual([null, null]);
  });

  it('CA7a: is declined, also by hanging up', () => {
    for (const type of ['decline', 'hang-up'] as const) {
      const page = new CallPage();
      page.hears('call.invited', '1');
      expect(page.act({ type })).toEqual(['call.decline 1']);
      expect(page.reason).toBe('declined');
    }
  });

  it('CA8c: stops by itself, whatever it hears', () => {
    const page = new CallPage();
    page.hears('call.invited', '1');
    expect(page.passes(RING_MS + RING_GRACE_MS)).toEqual([]);
    expect(page.reason).toBe('missed');
  });

  it('CA6b: stops when another device answered', () => {
    const page = new CallPage();
    page.hears('call.invited', '1');
    page.ended('1', 'answered-elsewhere');
    expect(page.reason).toBe('answered-elsewhere');
  });

  it('CA4b: by the person one is calling, is accepted at once', () => {
    const page = new CallPage();
    page.place('1');
    expect(page.hears('call.invited', '2')).toEqual(['call.hangup 1', 'call.accept 2']);
    expect(page.call).toEqual(jasmine.objectContaining({ state: 'joined', callId: '2', seat: 1, own: 'video' }));
    expect(page.peerLink?.role).toBe('polite');
    expect(page.ended('1', 'already-in-call')).toEqual([]);
    expect(page.phase).toBe('connecting');
  });

  it('CA4a: by another person, while calling, in a call or being rung, ends the own call', () => {
    const calling = new CallPage();
    calling.place('1');
    expect(calling.hears('call.invited', '2', 'c')).toEqual(['call.hangup 1']);
    const inCall = new CallPage().connected('1');
    expect(inCall.hears('call.invited', '2', 'b')).toEqual(['call.hangup 1']);
    const rung = new CallPage();
    rung.hears('call.invited', '1');
    expect(rung.hears('call.invited', '2', 'c')).toEqual([]);
    for (const page of [calling, inCall, rung])
      expect(page.call).toEqual(jasmine.objectContaining({ state: 'incoming', callId: '2' }));
  });
});

describe('a message that crosses another', () => {
  it('CA3a: for a call this page is not in changes nothing, in any state', () => {
    const pages = [new CallPage(), new CallPage(), new CallPage(), new CallPage().connected('1')];
    pages[1]?.place('1');
    pages[2]?.hears('call.invited', '1');
    for (const page of pages) {
      const before = page.call;
      const said = [
        ...page.ended('9', 'hung-up'),
        ...page.hears('call.accepted', '9'),
        ...page.hears('call.ringing', '9'),
        ...page.hears('call.peer-absent', '9'),
        ...page.offered('9', 5),
        ...page.refused('call.invite', '9'),
      ];
      expect(said).toEqual([]);
      expect(page.call).toBe(before);
    }
  });

  it('CA3a: that accepts twice, or invites to the call that rings, changes nothing', () => {
    const page = new CallPage().connected('1');
    const before = page.call;
    page.hears('call.accepted', '1', 'c');
    page.hears('call.invited', '1');
    expect(page.call).toBe(before);
  });
});

describe('leaving a call', () => {
  it('CA2: says so from every state, with what came of it', () => {
    const calling = new CallPage();
    calling.place('1');
    expect(calling.act({ type: 'hang-up' })).toEqual(['call.hangup 1']);
    expect(calling.reason).toBe('cancelled');
    const page = new CallPage().connected('1');
    page.now = 5_000;
    page.link('down');
    expect(page.act({ type: 'hang-up' })).toEqual(['call.hangup 1']);
    const facts = { callId: '1', peerId: 'b', media: 'video', reason: 'hung-up' };
    expect(page.call).toEqual({
      state: 'idle',
      last: jasmine.objectContaining({ ...facts, wasOutgoing: true, connectedAt: 0, endedAt: 5_000 }),
    });
    page.act({ type: 'dismiss' });
    expect(page.call).toEqual({ state: 'idle', last: null });
  });

  it('CA15a, CA15b: a page that goes leaves its call to the bye of its session; a ring goes on elsewhere', () => {
    const page = new CallPage().connected('1');
    expect(page.act({ type: 'page-hidden' })).toEqual([]);
    expect(page.reason).toBe('left');
    page.hears('call.invited', '2');
    page.act({ type: 'page-hidden' });
    expect(page.call).toEqual({ state: 'idle', last: null });
  });

  it('CA30: a page that is loaded again tells that it left a call, unless there is a call to tell of', () => {
    const event: ClientCallEvent = { type: 'left', callId: anId('1'), peerId: anId('b'), media: 'audio' };
    const page = new CallPage();
    expect(page.act(event)).toEqual([]);
    expect(page.reason).toBe('left');
    page.act({ ...event, callId: anId('2') });
    expect(page.call).toEqual({ state: 'idle', last: jasmine.objectContaining({ callId: '1' }) });
    page.hears('call.invited', '3');
    page.act(event);
    expect(page.call.state).toBe('incoming');
  });

  it('CA36d: a call that cannot be sealed is over before it was answered, and says why', () => {
    const page = new CallPage();
    page.place('1');
    expect(page.act({ type: 'unsealed', callId: anId('1'), reason: 'identity-changed' })).toEqual([
      'call.hangup 1 connection-lost',
    ]);
    expect(page.reason).toBe('identity-changed');
  });

  it('CA37b: a call whose other seat is not the one that it was is left, and only this end says why', () => {
    const page = new CallPage().connected('1');
    expect(page.act({ type: 'unsealed', callId: anId('2'), reason: 'certificate-changed' })).toEqual([]);
    expect(page.act({ type: 'unsealed', callId: anId('1'), reason: 'certificate-changed' })).toEqual([
      'call.hangup 1 connection-lost',
    ]);
    expect(page.reason).toBe('certificate-changed');
    expect(page.act({ type: 'unsealed', callId: anId('1'), reason: 'no-keys' })).toEqual([]);
  });

  it('CA26b: an accept that is refused does not leave the caller waiting', () => {
    const page = new CallPage();
    page.hears('call.invited', '1');
    page.act({ type: 'accept', media: 'video' });
    expect(page.refused('call.accept', '1', 1_000)).toEqual(['call.hangup 1']);
    expect(page.reason).toBe('try-later');
  });
});

describe('the link', () => {
  it('CA24a: waits 90 s for the other permission, then 30 s for the link', () => {
    const page = new CallPage();
    page.place('1');
    page.hears('call.accepted', '1');
    expect(askingSince(page.call)).toBe(0);
    expect(clientDeadline(page.calls)).toBe(WAITING_FOR_ANSWER_MS);
    page.now = 80_000;
    page.link('negotiated');
    expect([askingSince(page.call), clientDeadline(page.calls)]).toEqual([null, 80_000 + LINK_DOWN_MS]);
    expect(page.passes(LINK_DOWN_MS)).toEqual(['call.hangup 1 ice-failed']);
    expect(page.reason).toBe('ice-failed');
  });

  it('CA24b: down for 30 s ends the call, as the other seat is absent or not', () => {
    const page = new CallPage().connected('1');
    page.link('down');
    expect(page.passes(LINK_DOWN_MS - 1)).toEqual([]);
    expect(page.passes(1)).toEqual(['call.hangup 1 connection-lost']);
    const alone = new CallPage().connected('1');
    alone.hears('call.peer-absent', '1');
    expect(clientDeadline(alone.calls)).toBeNull();
    alone.link('down');
    expect(alone.passes(LINK_DOWN_MS)).toEqual(['call.hangup 1 peer-lost']);
  });

  it('CA24b: up again in time stays, and counts from its first moment', () => {
    const page = new CallPage().connected('1');
    page.link('down');
    expect(page.phase).toBe('reconnecting');
    page.now = 20_000;
    page.link('up');
    expect([page.phase, page.call]).toEqual(['connected', jasmine.objectContaining({ connectedAt: 0 })]);
    expect(page.passes(LINK_DOWN_MS)).toEqual([]);
  });

  it('CA22a, CA22b: that cannot be mended gets a successor; the other end follows; the old one is dropped', () => {
    const page = new CallPage().connected('1');
    page.link('broken');
    expect([page.phase, page.peerLink?.number]).toEqual(['reconnecting', 2]);
    const concerns = (link: number, deviceId = b1) => concernsLink(page.call, { callId: anId('1'), deviceId, link });
    expect([concerns(1), concerns(2), concerns(3), concerns(2, anId('c1'))]).toEqual([false, true, false, false]);
    page.link('up', 1);
    expect(page.phase).toBe('reconnecting');
    page.offered('1', 5);
    expect(linkWanted(page.call)?.link).toBe(5);
    page.link('up', 5);
    page.offered('1', 4);
    expect([page.phase, page.peerLink?.number]).toEqual(['connected', 5]);
  });

  it('CA22c: has a last number', () => {
    const page = new CallPage().connected('1');
    page.offered('1', MAX_LINK);
    expect(page.link('broken', MAX_LINK)).toEqual(['call.hangup 1 connection-lost']);
  });

  it('CA23a: is told each time signaling has come back, by a welcome or by the other seat', () => {
    const page = new CallPage().connected('1');
    page.hears('call.peer-absent', '1');
    expect(page.peerLink).toEqual(jasmine.objectContaining({ peerAbsent: true, returns: 0 }));
    page.isBack('1');
    expect(page.peerLink).toEqual(jasmine.objectContaining({ peerAbsent: false, returns: 1 }));
    page.welcomed('again', 'seat 1');
    page.welcomed('resumed');
    expect(page.peerLink).toEqual(jasmine.objectContaining({ state: 'up', returns: 2 }));
  });
});

describe('a welcome', () => {
  const hangup: Unnumbered<ClientCallFrame> = { type: 'call.hangup', receiverId: anId('b'), callId: anId('1') };
  const decline: Unnumbered<ClientCallFrame> = { type: 'call.decline', receiverId: anId('b'), callId: anId('1') };
  const accept: Unnumbered<ClientCallFrame> = { type: 'call.accept', receiverId: anId('b'), callId: anId('1') };
  const invite: Unnumbered<ClientCallFrame> = {
    type: 'call.invite',
    receiverId: anId('b'),
    callId: anId('1'),
    media: 'video',
  };

  it('CA17d: that is resumed changes nothing', () => {
    const page = new CallPage().connected('1');
    const before = page.call;
    expect(page.welcomed('resumed', 'rung 2')).toEqual([]);
    expect(page.call).toBe(before);
  });

  it('CA17a: rings, goes on, or connects an outgoing call that was accepted meanwhile', () => {
    const page = new CallPage();
    page.welcomed('new', 'rung 1');
    expect(clientDeadline(page.calls)).toBe(20_000 + RING_GRACE_MS);
    const calling = new CallPage();
    calling.place('1');
    calling.welcomed('new', 'caller 1');
    expect(calling.call.state).toBe('outgoing');
    calling.welcomed('new', 'seat 1');
    expect([calling.phase, calling.peerLink?.role]).toEqual(['connecting', 'impolite']);
    const connected = new CallPage().connected('1');
    expect(namedCalls(connected.calls)).toEqual([anId('1')]);
    connected.welcomed('new', 'seat 1');
    expect(connected.phase).toBe('connected');
  });

  it('CA17b: with a seat this page does not know of is answered by a hang-up', () => {
    const page = new CallPage();
    expect(page.welcomed('new', 'seat 1')).toEqual(['call.hangup 1']);
    expect(page.welcomed('new', 'caller 2')).toEqual(['call.hangup 2']);
    const rung = new CallPage();
    rung.hears('call.invited', '1');
    expect(rung.welcomed('new', 'seat 1')).toEqual(['call.hangup 1']);
    expect(rung.call.state).toBe('idle');
  });

  it('CA17c: with the call at another device of its person, it has moved there', () => {
    const page = new CallPage().connected('1');
    expect(page.welcomed('new', 'elsewhere 1')).toEqual([]);
    expect(page.reason).toBe('moved');
    const early = new CallPage();
    early.hears('call.invited', '1');
    early.act({ type: 'accept', media: 'audio' });
    early.welcomed('new', 'elsewhere 1');
    expect(early.reason).toBe('unheard');
  });

  it('CA17c: without the call, ends it; the log says why', () => {
    for (const what of [undefined, 'elsewhere 2']) {
      const page = new CallPage().connected('1');
      expect(page.welcomed('new', what)).toEqual([]);
      expect(page.reason).toBe('unheard');
      page.act({ type: 'learned', callId: anId('2'), reason: 'missed' });
      page.act({ type: 'learned', callId: anId('1'), reason: 'connection-lost' });
      page.act({ type: 'learned', callId: anId('1'), reason: 'missed' });
      expect(page.reason).toBe('connection-lost');
    }
  });

  it('CA18a: does not bring back what was hung up or declined', () => {
    const page = new CallPage();
    expect(page.welcomed('new', 'seat 1', [hangup])).toEqual([]);
    expect(page.welcomed('again', 'rung 1', [decline])).toEqual([]);
    expect(page.call.state).toBe('idle');
  });

  it('CA18b: lets an accept on its way stand, and an invite in the same session', () => {
    const page = new CallPage();
    page.hears('call.invited', '1');
    page.act({ type: 'accept', media: 'video' });
    page.welcomed('new', 'rung 1', [accept]);
    expect(page.phase).toBe('connecting');
    page.welcomed('new', 'rung 1', []);
    expect(page.call.state).toBe('incoming');
    const calling = new CallPage();
    calling.place('1');
    calling.welcomed('again', undefined, [invite]);
    expect(calling.call.state).toBe('outgoing');
    calling.welcomed('new', undefined, []);
    expect(calling.reason).toBe('unheard');
  });

  it('CA18b: rings by another call all the same', () => {
    const page = new CallPage();
    page.place('1', 'c');
    expect(page.welcomed('again', 'rung 2', [invite])).toEqual(['call.hangup 1']);
    expect(page.call).toEqual(jasmine.objectContaining({ state: 'incoming', callId: '2' }));
  });

  it('CA19: takes over what leaves a call, and an accept of the call the page is in', () => {
    const page = new CallPage();
    const kept = () => [hangup, decline, accept, invite].filter(frame => survivesNewSession(frame, page.calls));
    expect(kept()).toEqual([hangup, decline]);
    page.hears('call.invited', '1');
    page.act({ type: 'accept', media: 'video' });
    expect(kept()).toEqual([hangup, decline, accept]);
  });
});

describe('a second call', () => {
  const rung = (): CallPage => {
    const page = new CallPage().connected('1');
    page.ringsBeside('2');
    return page;
  };
  const holding = (): CallPage => {
    const page = rung();
    page.act({ type: 'hold-and-accept', media: 'audio' });
    return page;
  };
  const places = ({ calls: { current, held, waiting } }: CallPage) =>
    [current, held, waiting].map(call => (call === null || call.state === 'idle' ? null : String(call.callId)));

  it('CA32b: rings beside the call, which goes on; declining it says no more', () => {
    const page = rung();
    expect([page.phase, ...places(page)]).toEqual(['connected', '1', null, '2']);
    expect(page.act({ type: 'ring-shown' })).toEqual(['call.ringing 2']);
    expect(page.act({ type: 'decline-waiting' })).toEqual(['call.decline 2']);
    expect([page.phase, ...places(page)]).toEqual(['connected', '1', null, null]);
  });

  it('CA32c: rings in the place of a call that ends first', () => {
    const page = rung();
    expect(page.ended('1', 'hung-up')).toEqual([]);
    expect(page.call).toEqual(jasmine.objectContaining({ state: 'incoming', callId: '2' }));
    expect(page.act({ type: 'accept', media: 'audio' })).toEqual(['call.accept 2']);
  });

  it('CA33a, CA33b: is accepted by one frame that holds the first one, or after a hang-up', () => {
    const page = rung();
    expect(page.act({ type: 'hold-and-accept', media: 'audio' })).toEqual(['call.accept 2']);
    expect(places(page)).toEqual(['2', '1', null]);
    expect(page.calls.held?.links.get(b1)?.state).toBe('up');
    const other = rung();
    expect(other.act({ type: 'end-and-accept', media: 'audio' })).toEqual(['call.hangup 1', 'call.accept 2']);
    expect(places(other)).toEqual(['2', null, null]);
  });

  it('CA26b, CA33c: a refused accept leaves that call, and the held one stays', () => {
    const page = holding();
    expect(page.refused('call.accept', '2')).toEqual(['call.hangup 2']);
    expect(places(page)).toEqual([null, '1', null]);
  });

  it('CA34a, CA34c: changes places, and stays held when the other one ends', () => {
    const page = holding();
    expect(page.act({ type: 'resume' })).toEqual(['call.resume 1']);
    expect(places(page)).toEqual(['1', '2', null]);
    page.ended('1', 'hung-up');
    expect([places(page), page.reason]).toEqual([[null, '2', null], 'hung-up']);
    expect(page.place('3')).toEqual([]);
    expect(page.act({ type: 'resume' })).toEqual(['call.resume 2']);
    expect(places(page)).toEqual(['2', null, null]);
  });

  it('CA34c: a held call that ends or is given up says how it ended, and leaves the current one alone', () => {
    const page = holding();
    page.ended('1', 'hung-up');
    expect([...places(page), page.calls.passed?.reason]).toEqual(['2', null, null, 'hung-up']);
    const other = holding();
    other.act({ type: 'link-down', callId: anId('1'), deviceId: anId('b1'), link: 1 });
    expect(other.passes(LINK_DOWN_MS)).toEqual(['call.hangup 1 connection-lost']);
    expect(other.act({ type: 'end-held' })).toEqual([]);
  });

  it('CA34d: a page that is told another place says again which call is the current one', () => {
    const page = holding();
    expect(page.welcomed('new', 'seat 1, seat 2')).toEqual(['call.resume 2']);
    expect(places(page)).toEqual(['2', '1', null]);
    const swapped = holding();
    const { frames } = swapped;
    swapped.act({ type: 'resume' });
    expect(swapped.welcomed('new', 'seat 1, rung 2', frames)).toEqual(['call.resume 1']);
    expect(places(swapped)).toEqual(['1', '2', null]);
  });

  it('CA17a, CA17c: every call of a welcome goes on in its place; those it does not tell are over', () => {
    const page = rung();
    expect(page.welcomed('new', 'seat 1, rung 2')).toEqual([]);
    expect(places(page)).toEqual(['1', null, '2']);
    page.welcomed('new', 'seat 1');
    expect(places(page)).toEqual(['1', null, null]);
    const held = holding();
    held.welcomed('new', 'seat 2');
    expect([...places(held), held.calls.passed?.reason]).toEqual(['2', null, null, 'unheard']);
    expect(namedCalls(holding().calls).map(String)).toEqual(['2', '1']);
  });

  it('CA4a: a ring that does not wait proves that both calls are over', () => {
    const page = holding();
    expect(page.hears('call.invited', '3', 'd')).toEqual(['call.hangup 1', 'call.hangup 2']);
    expect(places(page)).toEqual(['3', null, null]);
  });
});
