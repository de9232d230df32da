import { linkDeadline, nextLink, openLink, type LinkEvent, type PeerLink, roleBetween } from '#protocol/peer-link';

/** What goes from one end to the other: descriptions and candidates of an offer, media states, and what the server adds. */
export type Said =
  | { readonly type: 'offer' | 'answer' | 'candidate'; readonly number: number; readonly of: string }
  | { readonly type: 'media'; readonly number: number; readonly media: string }
  | { readonly type: 'absent' }
  | { readonly type: 'returned' };

/**
 * A peer connection without media: an offer that stands unanswered, the one both descriptions are set for, and the one
 * whose candidates have come.
 */
export interface Connection {
  readonly number: number;
  readonly offered: string | null;
  readonly agreed: string | null;
  readonly candidates: string | null;
  readonly answered: boolean;
  readonly up: boolean;
}

export interface End {
  readonly link: PeerLink;
  readonly connection: Connection;
  /** Has no session: nothing reaches it, and what it says is lost. */
  readonly away: boolean;
  /** The media state it said last. */
  readonly media: string;
  /** Frames on their way to it. */
  readonly inbox: readonly Said[];
}

/** Two ends of one link, and how much has gone wrong so far. The first end has the first seat. */
export interface Pair {
  readonly ends: readonly [End, End];
  readonly disturbances: number;
}

/** The functions under test; a mutant replaces one. */
export interface LinkRules {
  readonly next: typeof nextLink;
  readonly deadline: typeof linkDeadline;
  readonly role: typeof roleBetween;
}
export const LINK_RULES: LinkRules = { next: nextLink, deadline: linkDeadline, role: roleBetween };

/** The states after one step. `itself`: the step happens without an event from outside and without a timeout that gives up. */
export interface LinkStep {
  readonly label: string;
  readonly itself: boolean;
  readonly next: Pair;
}

const connection = (number: number): Connection => ({
  number,
  offered: null,
  agreed: null,
  candidates: null,
  answered: false,
  up: false,
});

export function beginPair({ role }: LinkRules): Pair {
  const end = (link: PeerLink): End => ({ link, connection: connection(1), away: false, media: '', inbox: [] });
  return { ends: [end(openLink(role(0, 1), 0)), end(openLink(role(1, 0), 0))], disturbances: 0 };
}

/** All that can happen next, with at most so many things that go wrong. */
export function pairSteps(pair: Pair, rules: LinkRules, mostDisturbances: number): LinkStep[] {
  const steps: LinkStep[] = [];
  const add = (label: string, itself: boolean, change: (draft: PairDraft) => void): void => {
    const draft = new PairDraft(pair, rules);
    change(draft);
    steps.push({ label, itself, next: draft.pair });
  };
  for (const x of [0, 1] as const) {
    const { link, connection: pc, away, inbox } = pair.ends[x];
    if (link.state === 'given-up') continue;
    const [heard, ...behind] = inbox;
    if (heard && !away) add(`${x} <- ${heard.type}`, true, draft => draft.hear(x, heard, behind));
    if (away) add(`${x} has a session again`, true, draft => draft.isBack(x));
    if (link.state === 'up' && !pc.up) add(`${x} sees its connection down`, true, draft => draft.seesDown(x));
    const first = pc.offered === null && pc.agreed === null && link.role === 'impolite';
    if (first && !away) add(`${x} makes its first offer`, true, draft => draft.offer(x));
    if (rules.deadline(link) !== null) add(`${x} gives up`, false, draft => draft.act(x, { type: 'time' }, Infinity));
  }
  if (canComeUp(pair)) add('the connection comes up', true, draft => draft.comesUp());
  if (pair.disturbances < mostDisturbances) disturbances(pair, (label, change) => add(label, false, change));
  return steps;
}

function disturbances(pair: Pair, add: (label: string, change: (draft: PairDraft) => void) => void): void {
  for (const x of [0, 1] as const) {
    const { link, away, connection: pc } = pair.ends[x];
    if (link.state === 'given-up') continue;
    if (!away) add(`${x} loses its session`, draft => draft.loses(x, false));
    if (!away) add(`${x} loses its session, which is told`, draft => draft.loses(x, true));
    if (pc.agreed !== null) add(`the connection of ${x} cannot be mended`, draft => draft.breaks(x));
  }
  if (pair.ends.some(({ connection: pc }) => pc.up)) add('the network fails', draft => draft.fails());
}

function canComeUp({ ends: [a, b] }: Pair): boolean {
  const [p, q] = [a.connection, b.connection];
  const agree = p.number === q.number && p.agreed !== null && p.agreed === q.agreed;
  return agree && p.candidates === p.agreed && q.candidates === q.agreed && !(p.up && q.up);
}

/** The next moment of a pair in the making: what the shells of both ends do. */
class PairDraft {
  #ends: [End, End];
  #disturbances: number;
  readonly #rules: LinkRules;

  constructor({ ends, disturbances: before }: Pair, rules: LinkRules) {
    this.#ends = [...ends];
    this.#disturbances = before;
    this.#rules = rules;
  }

  get pair(): Pair {
    return { ends: [...this.#ends], disturbances: this.#disturbances };
  }

  /** Gives the link an event, and does what its new state asks for. */
  act(x: 0 | 1, event: LinkEvent, now = 0): void {
    const { link } = this.#ends[x];
    const next = this.#rules.next(link, event, now);
    this.#change(x, { link: timeless(next) });
    if (next.state === 'given-up') return this.#change(x, { connection: connection(next.number), inbox: [] });
    const isOther = next.number !== link.number;
    if (isOther) this.#change(x, { connection: connection(next.number) });
    const isBack = next.returns !== link.returns;
    if (isOther || isBack) this.#sayMedia(x);
    if (isBack && (!this.#ends[x].connection.up || this.#ends[x].connection.offered !== null)) this.offer(x);
  }

  hear(x: 0 | 1, said: Said, behind: readonly Said[]): void {
    this.#change(x, { inbox: behind });
    if (said.type === 'absent' || said.type === 'returned') return this.act(x, said);
    const { number } = said;
    this.act(x, { type: 'heard', number, ...(said.type === 'media' ? { media: said.media } : {}) });
    if (said.type !== 'media' && this.#ends[x].link.number === number) this.#negotiate(x, said.type, said.of);
  }

  /** A polite end that has never answered waits for the other's offer. */
  offer(x: 0 | 1): void {
    const { link, connection: pc, away } = this.#ends[x];
    if (away || link.state === 'given-up' || (link.role === 'polite' && !pc.answered)) return;
    const of = this.#freshOffer(x);
    this.#connection(x, { offered: of });
    this.#say(x, { type: 'offer', number: link.number, of });
    this.#say(x, { type: 'candidate', number: link.number, of });
  }

  /** The lowest name that nothing here knows any more, so that states that differ in names alone are one. */
  #freshOffer(x: 0 | 1): string {
    const known = new Set(
      this.#ends.flatMap(({ connection: pc, inbox }) => [
        ...[pc.offered, pc.agreed, pc.candidates],
        ...inbox.map(said => ('of' in said ? said.of : null)),
      ]),
    );
    let n = 1;
    while (known.has(`${x}:${n}`)) n++;
    return `${x}:${n}`;
  }

  isBack(x: 0 | 1): void {
    const other = x === 0 ? 1 : 0;
    this.#change(x, { away: false });
    this.#say(x, { type: 'returned' });
    this.act(x, { type: 'returned' });
    // Behind the welcome the server says whether the other one is away.
    if (this.#ends[other].away) this.#change(x, { inbox: [...this.#ends[x].inbox, { type: 'absent' }] });
  }

  seesDown(x: 0 | 1): void {
    this.act(x, { type: 'down', number: this.#ends[x].connection.number });
    this.offer(x);
  }

  comesUp(): void {
    for (const x of [0, 1] as const) {
      this.#connection(x, { up: true });
      this.act(x, { type: 'up', number: this.#ends[x].connection.number });
    }
  }

  /** All that is on its way to and from this end is lost with its session. */
  loses(x: 0 | 1, told: boolean): void {
    this.#disturbances++;
    const other = x === 0 ? 1 : 0;
    this.#change(x, { away: true, inbox: [] });
    this.#change(other, { inbox: told && !this.#ends[other].away ? [{ type: 'absent' }] : [] });
  }

  fails(): void {
    this.#disturbances++;
    for (const x of [0, 1] as const) this.#connection(x, { up: false, agreed: null, candidates: null });
  }

  breaks(x: 0 | 1): void {
    this.#disturbances++;
    const { number } = this.#ends[x].connection;
    const other = this.#ends[x === 0 ? 1 : 0].connection;
    if (other.number === number) this.#connection(x === 0 ? 1 : 0, { up: false });
    // What the old connection still reports comes after its successor was asked for.
    this.act(x, { type: 'broken', number });
    for (const type of ['negotiated', 'down', 'up'] as const) this.act(x, { type, number });
  }

  #negotiate(x: 0 | 1, type: 'offer' | 'answer' | 'candidate', of: string): void {
    const { link, connection: pc } = this.#ends[x];
    if (type === 'candidate') {
      if (of === pc.agreed) this.#connection(x, { candidates: of });
      return;
    }
    if (type === 'answer') {
      if (of === pc.offered) this.#agree(x, of, pc.answered);
      return;
    }
    // Perfect negotiation: where offers cross the impolite end ignores the other's, the polite end takes its own back.
    if (pc.offered !== null && link.role === 'impolite') return;
    this.#agree(x, of, true);
    this.#say(x, { type: 'answer', number: link.number, of });
    this.#say(x, { type: 'candidate', number: link.number, of });
  }

  #agree(x: 0 | 1, of: string, answered: boolean): void {
    this.#connection(x, { offered: null, agreed: of, candidates: null, answered });
    this.act(x, { type: 'negotiated', number: this.#ends[x].connection.number });
  }

  #sayMedia(x: 0 | 1): void {
    const { link } = this.#ends[x];
    const media = `${link.number}/${link.returns}`;
    this.#change(x, { media });
    this.#say(x, { type: 'media', number: link.number, media });
  }

  #say(x: 0 | 1, said: Said): void {
    const other = x === 0 ? 1 : 0;
    if (this.#ends[x].away || this.#ends[other].away) return;
    this.#change(other, { inbox: [...this.#ends[other].inbox, said] });
  }

  #connection(x: 0 | 1, change: Partial<Connection>): void {
    this.#change(x, { connection: { ...this.#ends[x].connection, ...change } });
  }

  #change(x: 0 | 1, change: Partial<End>): void {
    this.#ends[x] = { ...this.#ends[x], ...change };
  }
}

/** Since when decides nothing but deadlines, which may pass at any time here. */
const timeless = (link: PeerLink): PeerLink => ('since' in link ? { ...link, since: 0 } : link);
