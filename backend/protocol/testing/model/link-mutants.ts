import { type PeerLink } from '#protocol/peer-link';
import { LINK_RULES, type LinkRules } from '#protocol/testing/model/link-pair';

type Next = LinkRules['next'];
const { next, deadline } = LINK_RULES;

const link = (mutated: Next): LinkRules => ({ ...LINK_RULES, next: mutated });

/** One rule of the link machine left out; each must be caught. */
export const LINK_MUTANTS: Readonly<Record<string, LinkRules>> = {
  'a higher number of the other end is ignored': link((at, event, now) =>
    next(at, event.type === 'heard' ? { ...event, number: Math.min(event.number, at.number) } : event, now),
  ),
  'a lower number of the other end is heeded': link((at, event, now) =>
    event.type === 'heard' && event.number < at.number ? { ...at, number: event.number } : next(at, event, now),
  ),
  'what an older connection reports counts': link((at, event, now) =>
    next(at, 'number' in event && event.type !== 'heard' ? { ...event, number: at.number } : event, now),
  ),
  'a connection that cannot be mended is kept': link((at, event, now) =>
    event.type === 'broken' ? at : next(at, event, now),
  ),
  'a new connection counts as up where the old one was': link((at, event, now) => {
    const after = next(at, event, now);
    return at.state === 'up' && after.number > at.number ? { ...at, number: after.number } : after;
  }),
  'that signaling has come back is not counted': link((at, event, now) =>
    event.type === 'returned' ? { ...at, peerAbsent: false } : next(at, event, now),
  ),
  'a device that has come back stays absent': link((at, event, now) => {
    const after = next(at, event, now);
    return event.type === 'returned' ? { ...after, peerAbsent: at.peerAbsent } : after;
  }),
  'a media state is forgotten with its connection': link((at, event, now) => {
    const after = next(at, event, now);
    return after.number > at.number ? { ...after, media: null } : after;
  }),
  'a link that is up is given up in time': link((at, event, now) =>
    event.type === 'absent' && at.state === 'up' ? givenUp(at) : next(at, event, now),
  ),
  'a link that goes down stays up for its call': link((at, event, now) =>
    event.type === 'down' ? at : next(at, event, now),
  ),
  'a first negotiation has no end': {
    ...LINK_RULES,
    deadline: at => (at.state === 'negotiating' ? null : deadline(at)),
  },
  'a link that is down has no end': { ...LINK_RULES, deadline: at => (at.state === 'down' ? null : deadline(at)) },
  'both ends are impolite': { ...LINK_RULES, role: () => 'impolite' },
  'both ends are polite': { ...LINK_RULES, role: () => 'polite' },
};

function givenUp({ role, number, peerAbsent, returns, media }: PeerLink): PeerLink {
  return { state: 'given-up', role, number, peerAbsent, returns, media, reason: 'peer-lost' };
}
