import { Service, signal } from '@angular/core';
import { type CallId, isGuest, type UserId } from '#protocol/ids';
import { type Heard } from '../signaling/said';
import type { GuestSealing } from './guest-sealing';

/** Enough of a person to draw. */
interface Named {
  readonly id: UserId;
  readonly displayName: string;
}

/** On a guest's page: the guest's own id, and the person whom they call. */
export interface GuestPass {
  readonly userId: UserId;
  readonly host: Named;
}

/** Calls of which one end is a guest: who it is, and what both ends have of the link. */
@Service()
export class GuestCalls {
  #sealing: Promise<GuestSealing> | undefined;

  /** Guests by the names that they have typed; on a guest's page their host. */
  readonly people = signal<ReadonlyMap<UserId, Named>>(new Map());
  /** The secrets of links that were made, or have been opened, here. */
  readonly secrets = new Map<CallId, string>();
  /** From then on this page is a guest's, and in nothing but their call. */
  pass: GuestPass | null = null;

  /** Whether the other person is a guest, or this page is one's. */
  concerns(userId: UserId): boolean {
    return this.pass !== null || isGuest(userId);
  }

  sealing(): Promise<GuestSealing> {
    return (this.#sealing ??= import('./guest-sealing').then(({ GuestSealing }) => new GuestSealing(this)));
  }

  know(person: Named): void {
    this.people.update(others => new Map(others).set(person.id, person));
  }

  /** Notes what a guest calls themselves. */
  hear(frame: Heard): void {
    const told = frame.type === 'welcome' ? (frame.calls ?? []) : frame.type === 'call.invited' ? [frame] : [];
    for (const call of told)
      if (call.guest !== undefined)
        this.know({ id: 'peerId' in call ? call.peerId : call.senderId, displayName: call.guest });
  }
}
