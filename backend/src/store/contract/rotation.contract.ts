import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Rotation } from '../accounts.ts';
import type { Store } from '../store.ts';
import { somebody, times, type Person } from './people.ts';
import { runs, seeds, SLOW_MS } from './seeds.ts';

const GRACE = 30_000;
const IDLE = 1_000_000;
const ABSOLUTE = 3_000_000;
const SIGNED_IN = 1_000;

/** The token of a family's generation: the first is the device's, the successors are a function of it. */
const tokenOf = (person: Person, gen: number): string => (gen === 1 ? person.token : `${person.token} ${gen}`);

const rotate = (store: Store, person: Person, gen: number, at: number): Promise<Rotation> =>
  store.rotateRefreshToken({
    deviceId: person.device,
    tokenHash: tokenOf(person, gen),
    successorHash: tokenOf(person, gen + 1),
    at,
    graceMs: GRACE,
    idleMs: IDLE,
    absoluteMs: ABSOLUTE,
  });

export function describeRotation(store: () => Store): void {
  describe('rotation', () => {
    it('S9: 50 at once meet the same successor', async () => {
      const ada = await somebody(store());
      const met = await Promise.all(times(50, () => rotate(store(), ada, 1, 2_000)));
      expect(met).toEqual(times(50, () => ({ kind: 'rotated', gen: 2 }) as const));
    });

    it('S9: an answer that was lost is given again, however long the sleep', async () => {
      const ada = await somebody(store());
      await rotate(store(), ada, 1, 2_000);
      expect(await rotate(store(), ada, 1, 2_000 + 3_600_000 / 4)).toEqual({ kind: 'rotated', gen: 2 });
    });

    it('S9: no other successor takes the place of the one that was given', async () => {
      const ada = await somebody(store());
      await rotate(store(), ada, 1, 2_000);
      const other = { deviceId: ada.device, tokenHash: ada.token, successorHash: 'another', at: 2_001 };
      const limits = { graceMs: GRACE, idleMs: IDLE, absoluteMs: ABSOLUTE };
      expect(await store().rotateRefreshToken({ ...other, ...limits })).toEqual({ kind: 'unknown' });
      expect(await rotate(store(), ada, 2, 2_002)).toEqual({ kind: 'rotated', gen: 3 });
    });

    it('S10: once the successor was used the old token has its grace, then it is reuse and the family ends', async () => {
      const ada = await somebody(store());
      await rotate(store(), ada, 1, 2_000);
      await rotate(store(), ada, 2, 3_000);
      expect(await rotate(store(), ada, 1, 3_000 + GRACE)).toEqual({ kind: 'rotated', gen: 2 });
      expect(await rotate(store(), ada, 1, 3_001 + GRACE)).toEqual({ kind: 'reused' });
      expect(await rotate(store(), ada, 3, 3_002 + GRACE)).toEqual({ kind: 'unknown' });
    });

    it('S10: the device says which family is alive, and that none is', async () => {
      const ada = await somebody(store());
      const familyOf = async () => (await store().device(ada.device))?.family;
      expect(await familyOf()).toBe(SIGNED_IN);
      await rotate(store(), ada, 1, 2_000);
      await rotate(store(), ada, 2, 3_000);
      expect(await familyOf()).toBe(SIGNED_IN);
      await rotate(store(), ada, 1, 3_001 + GRACE);
      expect(await familyOf()).toBeNull();
      const again = { id: ada.device, userId: ada.id, name: 'x', secretHash: 'x', tokenHash: randomUUID(), at: 50_000 };
      await store().signInDevice(again);
      expect(await familyOf()).toBe(50_000);
    });

    it('S10: an access token of the new generation confirms as well as the successor itself', async () => {
      const ada = await somebody(store());
      await rotate(store(), ada, 1, 2_000);
      await store().confirmRefreshToken(ada.device, 1, 2_500);
      expect(await rotate(store(), ada, 1, 2_000 + 2 * GRACE)).toEqual({ kind: 'rotated', gen: 2 });
      await store().confirmRefreshToken(ada.device, 2, 70_000);
      expect(await rotate(store(), ada, 1, 70_001 + GRACE)).toEqual({ kind: 'reused' });
    });

    it('S10: a generation that was never given confirms nothing', async () => {
      const ada = await somebody(store());
      await rotate(store(), ada, 1, 2_000);
      await store().confirmRefreshToken(ada.device, 7, 2_500);
      expect(await rotate(store(), ada, 1, 2_600 + GRACE)).toEqual({ kind: 'rotated', gen: 2 });
    });

    it("S10: a token means nothing with another device's name on it", async () => {
      const [ada, eve] = await Promise.all([somebody(store()), somebody(store())]);
      expect(await rotate(store(), { ...ada, device: eve.device }, 1, 2_000)).toEqual({ kind: 'unknown' });
      expect(await rotate(store(), ada, 1, 2_000)).toEqual({ kind: 'rotated', gen: 2 });
    });

    it('S10: idle too long, or too old, a family is unknown', async () => {
      const [idle, old] = await Promise.all([somebody(store()), somebody(store())]);
      expect(await rotate(store(), idle, 1, SIGNED_IN + IDLE)).toEqual({ kind: 'unknown' });
      const usedUntil = [0.9, 1.8, 2.7].map(share => SIGNED_IN + share * IDLE);
      for (const [i, at] of usedUntil.entries()) {
        expect(await rotate(store(), old, i + 1, at)).toEqual({ kind: 'rotated', gen: i + 2 });
      }
      expect(await rotate(store(), old, 4, SIGNED_IN + ABSOLUTE)).toEqual({ kind: 'unknown' });
    });

    for (const seed of seeds(547797218)) {
      it(
        `S10: agrees with the model of a family (seed ${seed})`,
        async () => {
          await fc.assert(
            fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 25, size: 'max' }), moves =>
              agrees(store(), moves),
            ),
            runs<[Move[]]>(seed, 60),
          );
          expect().nothing();
        },
        SLOW_MS,
      );
    }
  });
}

type Move = { kind: 'rotate' | 'confirm'; back: number; wait: number };
/** Uses the token or generation `back` behind the newest, after `wait` ms. */
const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom('rotate', 'rotate', 'confirm'),
  back: fc.constantFrom(0, 0, 0, 1, 1, 2, 3, -1),
  wait: fc.constantFrom(0, 0, 1, GRACE, GRACE + 1, IDLE / 2, IDLE / 2, IDLE),
});

async function agrees(store: Store, moves: Move[]): Promise<void> {
  const person = { ...(await somebody(store)), token: randomUUID() };
  await store.signInDevice({
    id: person.device,
    userId: person.id,
    name: 'x',
    secretHash: 'x',
    tokenHash: person.token,
    at: SIGNED_IN,
  });
  const model = new Family();
  for (const { kind, back, wait } of moves) {
    model.now += wait;
    const gen = model.newest - back;
    if (gen < 1) continue;
    if (kind === 'rotate') assert.deepEqual(await rotate(store, person, gen, model.now), model.rotate(gen));
    else {
      await store.confirmRefreshToken(person.device, gen, model.now);
      model.use(gen);
    }
  }
}

/** The protocol's sentences about refresh tokens, one by one. */
class Family {
  now = SIGNED_IN;
  newest = 1;
  #refreshedAt = SIGNED_IN;
  #alive = true;
  readonly #superseded = new Map<number, number>();

  use(gen: number): void {
    if (!this.#alive || gen > this.newest) return;
    for (let older = 1; older < gen; older++) {
      if (!this.#superseded.has(older)) this.#superseded.set(older, this.now);
    }
  }

  rotate(gen: number): Rotation {
    if (!this.#alive || gen > this.newest) return { kind: 'unknown' };
    if (this.now - this.#refreshedAt >= IDLE || this.now - SIGNED_IN >= ABSOLUTE) return this.#end('unknown');
    const since = this.now - (this.#superseded.get(gen) ?? this.now);
    if (since >= IDLE) return { kind: 'unknown' };
    if (since > GRACE) return this.#end('reused');
    this.use(gen);
    this.#refreshedAt = this.now;
    if (gen === this.newest) this.newest += 1;
    return { kind: 'rotated', gen: gen + 1 };
  }

  #end(kind: 'unknown' | 'reused'): Rotation {
    this.#alive = false;
    return { kind };
  }
}
