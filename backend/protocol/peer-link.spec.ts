import { LINK_DOWN_MS, MAX_LINK, WAITING_FOR_ANSWER_MS } from '#protocol/limits';
import { linkDeadline, type LinkEvent, nextLink, openLink, type PeerLink, roleBetween } from '#protocol/peer-link';

const BEGUN = 1_000;
/** What becomes of a fresh link; each event happens at its time. */
function after(...events: readonly (readonly [now: number, event: LinkEvent])[]): PeerLink {
  return events.reduce((link, [now, event]) => nextLink(link, event, now), openLink('impolite', BEGUN));
}
const of = (type: 'negotiated' | 'up' | 'down' | 'broken', number = 1): LinkEvent => ({ type, number });
const up = [2_000, of('up')] as const;
const down = [3_000, of('down')] as const;

describe('a link between two devices', () => {
  it('CA22d: makes the one who came to the call first the impolite end', () => {
    expect([roleBetween(0, 1), roleBetween(1, 0), roleBetween(2, 1)]).toEqual(['impolite', 'polite', 'polite']);
  });

  it('CA24a: waits 90 s for both descriptions, and 30 s from then on', () => {
    expect(linkDeadline(after())).toBe(BEGUN + WAITING_FOR_ANSWER_MS);
    const described = after([5_000, of('negotiated')], [6_000, of('negotiated')]);
    expect(linkDeadline(described)).toBe(5_000 + LINK_DOWN_MS);
    const early = nextLink(described, { type: 'time' }, 5_000 + LINK_DOWN_MS - 1);
    expect(early).toBe(described);
    const late = nextLink(described, { type: 'time' }, 5_000 + LINK_DOWN_MS);
    expect(late).toEqual(jasmine.objectContaining({ state: 'given-up', reason: 'ice-failed' }));
  });

  it('CA24b: is given up when it was down for 30 s, and says whether the other device was there', () => {
    expect(linkDeadline(after(up))).toBeNull();
    const time = [3_000 + LINK_DOWN_MS, { type: 'time' }] as const;
    const reason = (link: PeerLink) => (link.state === 'given-up' ? link.reason : link.state);
    expect(reason(after(up, down, time))).toBe('connection-lost');
    expect(reason(after(up, down, [4_000, { type: 'absent' }], time))).toBe('peer-lost');
    expect(reason(after(up, down, [4_000, { type: 'absent' }], [5_000, { type: 'returned' }], time))).toBe(
      'connection-lost',
    );
    expect(reason(after(up, down, [4_000, of('up')], time))).toBe('up');
  });

  it('CA22a, CA22b: is down under a new number, of its own or of the other end, and heeds no lower one', () => {
    expect(after(up, [3_000, of('broken')])).toEqual(
      jasmine.objectContaining({ state: 'down', number: 2, since: 3_000 }),
    );
    const heard = after(up, [3_000, { type: 'heard', number: 5 }]);
    expect(heard).toEqual(jasmine.objectContaining({ state: 'down', number: 5 }));
    expect(nextLink(heard, of('up', 4), 4_000)).toBe(heard);
    expect(nextLink(heard, { type: 'heard', number: 4 }, 4_000)).toBe(heard);
    const first = after([1_500, of('negotiated')], [3_000, of('broken')]);
    expect(first).toEqual(jasmine.objectContaining({ state: 'negotiating', number: 2, since: 1_500 }));
  });

  it('CA22c: is given up after its last number', () => {
    const last = after(up, [3_000, { type: 'heard', number: MAX_LINK }]);
    expect(nextLink(last, of('broken', MAX_LINK), 4_000)).toEqual(
      jasmine.objectContaining({ state: 'given-up', reason: 'connection-lost' }),
    );
  });

  it('CA23a: counts how often signaling has come back, and keeps what the other end sends', () => {
    const link = after(
      [2_000, { type: 'absent' }],
      [3_000, { type: 'returned' }],
      [4_000, { type: 'returned' }],
      [5_000, { type: 'heard', number: 1, media: 'a' }],
      [6_000, of('broken')],
      [7_000, { type: 'heard', number: 1, media: 'b' }],
    );
    expect(link).toEqual(jasmine.objectContaining({ returns: 2, peerAbsent: false, media: 'b', number: 2 }));
  });

  it('gives back the same object where nothing changes, and nothing changes once it is given up', () => {
    const live = after(up);
    expect(
      [of('up'), of('negotiated'), of('down', 2), { type: 'time' } as const].map(e => nextLink(live, e, 9e9)),
    ).toEqual([live, live, live, live]);
    const over = after([BEGUN + WAITING_FOR_ANSWER_MS, { type: 'time' }]);
    const all: LinkEvent[] = [of('up'), of('broken'), { type: 'heard', number: 9 }, { type: 'returned' }];
    for (const event of all) expect(nextLink(over, event, 9e9)).toBe(over);
    expect(linkDeadline(over)).toBeNull();
  });
});
