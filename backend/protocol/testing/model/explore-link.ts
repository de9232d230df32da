import {
  beginPair,
  LINK_RULES,
  type LinkRules,
  type LinkStep,
  type Pair,
  pairSteps,
} from '#protocol/testing/model/link-pair';

export interface LinkExplored {
  readonly states: number;
  readonly quiet: number;
  /** The rule that broke and the steps that led there. */
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | null;
}

interface Seen {
  readonly pair: Pair;
  readonly parent: number;
  readonly label: string;
  /** States from which a step that follows by itself leads here. */
  readonly from: number[];
}

/**
 * Two ends of a link, breadth first through everything that can happen while at most so many things go wrong. Each state
 * keeps the invariants, and from each what follows by itself leads to a link that is up at both ends, or given up.
 */
export function exploreLink(disturbances: number, rules: LinkRules = LINK_RULES): LinkExplored {
  const first = beginPair(rules);
  const seen: Seen[] = [{ pair: first, parent: -1, label: 'begin', from: [] }];
  const index = new Map([[JSON.stringify(first), 0]]);
  const quiet: number[] = [];
  const found = (what: string | null, id: number): LinkExplored => ({
    states: seen.length,
    quiet: quiet.length,
    violation: what === null ? null : { what, trace: traceOf(seen, id) },
  });
  for (let id = 0; id < seen.length; id++) {
    const { pair } = at(seen, id);
    const steps = pairSteps(pair, rules, disturbances);
    const what = wrong(pair, steps, rules);
    if (what !== null) return found(what, id);
    if (isQuiet(pair)) quiet.push(id);
    for (const { label, itself, next } of steps) {
      const fell = goesBack(pair, next);
      if (fell !== null) return found(`${fell} after ${label}`, id);
      const key = JSON.stringify(next);
      const known = index.get(key) ?? seen.length;
      if (known === seen.length) {
        index.set(key, known);
        seen.push({ pair: next, parent: id, label, from: [] });
      }
      if (itself) at(seen, known).from.push(id);
    }
  }
  const stuck = stuckAmong(seen, quiet);
  return stuck < 0 ? found(null, 0) : found('nothing that follows by itself brings the link up', stuck);
}

function at(seen: readonly Seen[], id: number): Seen {
  const found = seen[id];
  if (!found) throw new Error(`no state ${id}`);
  return found;
}

const isQuiet = ({ ends }: Pair): boolean =>
  ends.some(({ link }) => link.state === 'given-up') ||
  ends.every(({ link, connection, inbox, away }) => link.state === 'up' && connection.up && !inbox.length && !away);

function wrong(pair: Pair, steps: readonly LinkStep[], { deadline }: LinkRules): string | null {
  const { ends } = pair;
  if (ends[0].link.role === ends[1].link.role) return 'both ends are of the same role';
  for (const { link, connection } of ends) {
    if (link.state !== 'up' && link.state !== 'given-up' && deadline(link) === null)
      return 'a link that is not up waits for ever';
    if (connection.up && link.state !== 'up' && link.state !== 'given-up')
      return 'a link is not up whose connection is';
    if (link.number !== connection.number) return 'a link and its connection have different numbers';
  }
  if (steps.some(({ itself }) => itself) || !isQuiet(pair) || ends.some(({ link }) => link.state === 'given-up'))
    return null;
  const [a, b] = ends;
  if (a.link.number !== b.link.number) return 'two ends that are up have different numbers';
  if (a.link.peerAbsent || b.link.peerAbsent) return 'a device that is there counts as absent';
  const told = (of: typeof a, by: typeof a): boolean => by.media === '' || of.link.media === by.media;
  return told(a, b) && told(b, a) ? null : 'an end does not know what the other one sends';
}

/** A sound pair has fewer frames than this on their way, and a mutant that says more would be explored without end. */
const MOST_ON_THEIR_WAY = 20;

/** What may never happen in one step. */
function goesBack(before: Pair, after: Pair): string | null {
  for (const x of [0, 1] as const) {
    const [was, is] = [before.ends[x].link, after.ends[x].link];
    if (is.state === 'up' && was.state !== 'up' && !after.ends[x].connection.up)
      return 'a link counts as up whose connection is not';
    if (after.ends[x].inbox.length > MOST_ON_THEIR_WAY) return 'the ends speak without end';
    if (is.number < was.number) return 'a number goes back';
    if (is.returns < was.returns) return 'a return is forgotten';
    if (is.state === 'given-up' && was.state === 'up') return 'a link that is up is given up';
    if (is.number > was.number && is.state === 'up') return 'a new connection counts as up';
  }
  return null;
}

function stuckAmong(seen: readonly Seen[], quiet: readonly number[]): number {
  const reached = new Uint8Array(seen.length);
  const stack = [...quiet];
  for (const id of quiet) reached[id] = 1;
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    for (const from of at(seen, id).from) {
      if (reached[from]) continue;
      reached[from] = 1;
      stack.push(from);
    }
  }
  return reached.indexOf(0);
}

function traceOf(seen: readonly Seen[], id: number): string[] {
  const labels: string[] = [];
  for (let up = id; up > 0; up = at(seen, up).parent) labels.unshift(at(seen, up).label);
  return labels;
}
