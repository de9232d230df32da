import type { Registration } from '#protocol/api/account';
import type { UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { NewDevice, NewUser } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import { codeHash } from './codes.ts';
import { setUpSeal } from './set-up-code.ts';

export type DoorDeps = { store: Store; config: Pick<Config, 'signUp'>; clock: Clock; refreshKey: Buffer };
/** What allows a registration. `kept`: the hash or the seal that the store has of the code. */
export type Door = { kind: 'open' } | { kind: 'invitation' | 'set-up'; kept: string };
export type NoDoor = 'sign-up-closed' | 'invitation-needed' | 'invalid-code';
/** What somebody new shows: the code of an invitation, or the one of the set-up link. */
export type Shown = Pick<Registration, 'invitation' | 'setUp'>;

/** Which door somebody may take. Nothing is used up: whether it still opens is decided when they go through. */
export async function doorFor(deps: DoorDeps, { invitation, setUp }: Shown): Promise<Result<Door, NoDoor>> {
  const { store, config, refreshKey } = deps;
  if (setUp !== undefined) {
    const kept = setUpSeal(refreshKey, setUp);
    return (await store.isSetUpOpen(kept)) ? ok({ kind: 'set-up', kept }) : err('invalid-code');
  }
  if (config.signUp === 'closed') return err('sign-up-closed');
  if (invitation !== undefined) {
    const kept = codeHash(refreshKey, 'invitation', invitation);
    const open = await store.openInvitation(kept, deps.clock.now());
    return open === null ? err('invalid-code') : ok({ kind: 'invitation', kept });
  }
  return config.signUp === 'open' ? ok({ kind: 'open' }) : err('invitation-needed');
}

/** The account as it was made: who became its first contact, and its role. */
export type Entered = { inviterId: UserId | null; role: NewUser['role'] };

/** Makes the account through that door, in one with what the door costs. */
export async function enterBy(
  { store }: Pick<DoorDeps, 'store'>,
  door: Door,
  user: NewUser,
  device: NewDevice,
): Promise<Result<Entered, 'username-taken' | 'invalid-code'>> {
  switch (door.kind) {
    case 'open': {
      const outcome = await store.createUser(user, device);
      return outcome === 'created' ? ok({ inviterId: null, role: user.role }) : err(outcome);
    }
    case 'set-up': {
      const outcome = await store.redeemSetUp(door.kept, user, device);
      if (outcome === 'created') return ok({ inviterId: null, role: 'admin' });
      return err(outcome === 'unknown' ? 'invalid-code' : outcome);
    }
    case 'invitation': {
      const outcome = await store.redeemInvitation(door.kept, user, device);
      if (outcome.kind === 'created') return ok({ inviterId: outcome.inviterId, role: user.role });
      return err(outcome.kind === 'unknown' ? 'invalid-code' : outcome.kind);
    }
  }
}
