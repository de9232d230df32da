import type { AccountStore, Rotation } from '../store/accounts.ts';

/*
 * A family is a device's tokens, gen 1 … k:
 *
 *   retired … retired, superseded within their grace, pending or superseded, newest
 *
 * A token becomes superseded when its successor, or an access token made with it, is first used. Until then the
 * rotation is pending: its answer may never have arrived, so the old token gets the same one again. A retired one is
 * kept elsewhere: a year of them would outgrow the document that the others share.
 */
export type Token = { hash: string; gen: number; supersededAt: number | null };
export type Family = { id: string; signedInAt: number; refreshedAt: number; tokens: Token[] };
export type RotationRequest = Parameters<AccountStore['rotateRefreshToken']>[0];

/** What a rotation does: the family as it is to be, undefined where it stays; and what to keep elsewhere before that. */
export type Rotated = { rotation: Rotation; next?: Family; retire: Token[] };

const left = (rotation: Rotation): Rotated => ({ rotation, retire: [] });

/** The generation `used` was used for the first time: everything older is superseded from now on. */
const superseded = (tokens: readonly Token[], used: number, at: number): Token[] =>
  tokens.map(token => (token.gen < used && token.supersededAt === null ? { ...token, supersededAt: at } : token));

/**
 * @param retiredAt when the token was superseded, where it is a retired one of this family
 */
export function rotated(family: Family, asked: RotationRequest, retiredAt: number | undefined): Rotated {
  const { at } = asked;
  const found = family.tokens.find(({ hash }) => hash === asked.tokenHash);
  // A family that has ended has no tokens, whatever is still kept of it elsewhere.
  if (family.tokens.length === 0 || (!found && retiredAt === undefined)) return left({ kind: 'unknown' });
  const over = { ...family, tokens: [] };
  if (at - family.refreshedAt >= asked.idleMs || at - family.signedInAt >= asked.absoluteMs) {
    return { ...left({ kind: 'unknown' }), next: over };
  }
  const supersededAt = (found ? found.supersededAt : retiredAt) ?? at;
  // A store may forget tokens of this age. One that is still kept is treated as forgotten, so that stores answer alike.
  if (at - supersededAt >= asked.idleMs) return left({ kind: 'unknown' });
  // A clock that is behind the one by which it was retired gives no second grace.
  if (!found || at - supersededAt > asked.graceMs) return { ...left({ kind: 'reused' }), next: over };
  return succeeded(family, found, asked);
}

function succeeded(family: Family, found: Token, { successorHash, at, graceMs }: RotationRequest): Rotated {
  const gen = found.gen + 1;
  const successor = family.tokens.find(token => token.gen === gen);
  if (successor && successor.hash !== successorHash) return left({ kind: 'unknown' });
  const known = superseded(family.tokens, found.gen, at);
  const isKept = ({ supersededAt }: Token) => supersededAt === null || at - supersededAt <= graceMs;
  const tokens = known.filter(isKept);
  if (!successor) tokens.push({ hash: successorHash, gen, supersededAt: null });
  const next = { ...family, refreshedAt: Math.max(family.refreshedAt, at), tokens };
  return { rotation: { kind: 'rotated', gen }, next, retire: known.filter(token => !isKept(token)) };
}

/** The family once an access token of `gen` was used; null where that changes nothing. */
export function confirmed(family: Family, gen: number, at: number): Family | null {
  const { tokens } = family;
  if (!tokens.some(token => token.gen === gen)) return null;
  if (!tokens.some(token => token.gen < gen && token.supersededAt === null)) return null;
  return { ...family, tokens: superseded(tokens, gen, at) };
}
