import { anId } from '#protocol/testing/ids';
import { confirmed, rotated, type Family, type Rotated, type Token } from './refresh-family.ts';

const [GRACE, IDLE, ABSOLUTE] = [30, 1_000, 5_000];
const token = (gen: number, supersededAt: number | null = null): Token => ({ hash: `t${gen}`, gen, supersededAt });
const family = (tokens: Token[], times: Partial<Family> = {}): Family => ({
  id: 'f',
  signedInAt: 0,
  refreshedAt: 1_000,
  tokens,
  ...times,
});
/** The token of generation `gen` is exchanged for the next one. */
const use = (of: Family, gen: number, at: number, retiredAt?: number, successorHash = `t${gen + 1}`) =>
  rotated(
    of,
    {
      deviceId: anId('d'),
      tokenHash: `t${gen}`,
      successorHash,
      at,
      graceMs: GRACE,
      idleMs: IDLE,
      absoluteMs: ABSOLUTE,
    },
    retiredAt,
  );
const unknown: Rotated = { rotation: { kind: 'unknown' }, retire: [] };
const reused: Rotated = { rotation: { kind: 'reused' }, retire: [] };
const ended = (of: Family): { next: Family } => ({ next: { ...of, tokens: [] } });
const rotation = (gen: number, next: Family, ...retire: Token[]): Rotated => ({
  rotation: { kind: 'rotated', gen },
  next,
  retire,
});

describe('a rotation', () => {
  it('makes the successor of the newest token, which stays until the successor is used', () => {
    expect(use(family([token(1)]), 1, 1_100)).toEqual(
      rotation(2, family([token(1), token(2)], { refreshedAt: 1_100 })),
    );
  });

  it('gives the same successor again as long as it is pending, and no other one', () => {
    const pending = family([token(1), token(2)]);
    expect(use(pending, 1, 1_900)).toEqual(rotation(2, { ...pending, refreshedAt: 1_900 }));
    expect(use(pending, 1, 1_900, undefined, 'other')).toEqual(unknown);
  });

  it('supersedes everything older with the first use of a successor, at that time and no later one', () => {
    const first = use(family([token(1), token(2)]), 2, 1_100);
    const tokens = [token(1, 1_100), token(2), token(3)];
    expect(first).toEqual(rotation(3, family(tokens, { refreshedAt: 1_100 })));
    const second = use(family(tokens, { refreshedAt: 1_100 }), 3, 1_120);
    const after = [token(1, 1_100), token(2, 1_120), token(3), token(4)];
    expect(second).toEqual(rotation(4, family(after, { refreshedAt: 1_120 })));
  });

  it('takes a superseded token within its grace; after that it is reuse and the family ends', () => {
    const of = family([token(1, 1_100), token(2), token(3)]);
    expect(use(of, 1, 1_100 + GRACE)).toEqual(rotation(2, { ...of, refreshedAt: 1_100 + GRACE }));
    expect(use(of, 1, 1_101 + GRACE)).toEqual({ ...reused, ...ended(of) });
  });

  it('retires what is beyond its grace, and keeps what is not', () => {
    const of = family([token(1, 1_090), token(2, 1_100), token(3)]);
    const next = family([token(2, 1_100), token(3), token(4)], { refreshedAt: 1_100 + GRACE });
    expect(use(of, 3, 1_100 + GRACE)).toEqual(rotation(4, next, token(1, 1_090)));
  });

  it('treats a retired token as reuse without a second grace, until it may be forgotten', () => {
    const of = family([token(5)], { refreshedAt: 2_000 });
    expect(use(of, 1, 1_500, 1_490)).toEqual({ ...reused, ...ended(of) });
    expect(use(of, 1, 1_490 + IDLE - 1, 1_490)).toEqual({ ...reused, ...ended(of) });
    expect(use(of, 1, 1_490 + IDLE, 1_490)).toEqual(unknown);
  });

  it('forgets a superseded token after the same time', () => {
    const of = family([token(1, 1_500), token(2), token(3)], { refreshedAt: 2_000 });
    expect(use(of, 1, 1_499 + IDLE)).toEqual({ ...reused, ...ended(of) });
    expect(use(of, 1, 1_500 + IDLE)).toEqual(unknown);
  });

  it('knows no token that it never had, and none of a family that has ended', () => {
    expect(use(family([token(1)]), 7, 1_100)).toEqual(unknown);
    expect(use(family([]), 1, 1_100, 1_090)).toEqual(unknown);
  });

  it('ends a family that was idle for too long', () => {
    const of = family([token(1)]);
    expect(use(of, 1, 999 + IDLE).rotation).toEqual({ kind: 'rotated', gen: 2 });
    expect(use(of, 1, 1_000 + IDLE)).toEqual({ ...unknown, ...ended(of) });
  });

  it('ends a family that is too old, however busy it is', () => {
    const of = family([token(1)], { signedInAt: 10, refreshedAt: 5_000 });
    expect(use(of, 1, 9 + ABSOLUTE).rotation).toEqual({ kind: 'rotated', gen: 2 });
    expect(use(of, 1, 10 + ABSOLUTE)).toEqual({ ...unknown, ...ended(of) });
  });

  it('never takes the last refresh back, whatever a clock says', () => {
    expect(use(family([token(1)]), 1, 900).next?.refreshedAt).toBe(1_000);
  });
});

describe('the use of an access token', () => {
  it('supersedes the pending tokens before its generation, and leaves the others as they are', () => {
    const of = family([token(1, 500), token(2), token(3), token(4)]);
    expect(confirmed(of, 3, 700)).toEqual({ ...of, tokens: [token(1, 500), token(2, 700), token(3), token(4)] });
  });

  it('changes nothing where no older one is pending, or the family does not know it', () => {
    expect(confirmed(family([token(1, 500), token(2)]), 2, 700)).toBeNull();
    expect(confirmed(family([token(2), token(3)]), 2, 700)).toBeNull();
    expect(confirmed(family([token(1), token(2)]), 9, 700)).toBeNull();
  });
});
