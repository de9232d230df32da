import { inject, Injectable, InjectionToken, signal } from '@angular/core';
import { installation, type InstallationInfo, type Person, type Shown } from '#protocol/api/account';
import { openedInvitation } from '#protocol/api/invitations';
import type { Result } from '#protocol/result';
import { call, type Failure } from './fetch-json';
import { readEntry, readInvitation, readLink } from './read-code';

/**
 * What somebody new finds at the door.
 *
 * ```
 *   asking ─► form            open, invited, or with the set-up link
 *          └► code ─► form    an invitation is needed
 *          └► shut            nobody may come in, or a link that opens nothing
 * ```
 */
export type Newcomer =
  | { is: 'asking' }
  | { is: 'form'; shown: Shown; by: 'open' | 'invitation' | 'set-up'; inviter?: Person }
  | { is: 'code'; wrong: boolean; setUp: boolean }
  | { is: 'shut'; why: 'closed' | 'set-up-used' };

/** By which address somebody came, and what stood behind its `#`. */
export interface Arrival {
  path: 'sign-up' | 'invite' | 'set-up';
  fragment: string | null;
}

/** Asks a server; a spec puts its own in its place. */
export const ASK_DOOR = new InjectionToken<typeof call>('ask at the door', { providedIn: 'root', factory: () => call });

/** By what right somebody new may sign up; one for each page. */
@Injectable()
export class NewcomerDoor {
  readonly #call = inject(ASK_DOOR);
  readonly #state = signal<Newcomer>({ is: 'asking' });
  readonly #about = signal<InstallationInfo | undefined>(undefined);
  readonly state = this.#state.asReadonly();
  /** What the installation says of itself, once it has. */
  readonly about = this.#about.asReadonly();

  /** Looks what may be done by this address. A server that does not answer is asked again when the form is sent. */
  async arrive({ path, fragment }: Arrival): Promise<void> {
    const about = await this.#call('GET', '/api/installation', { answer: installation });
    if (about.ok) this.#about.set(about.value);
    if (path === 'set-up') return this.#setUp(readLink(fragment));
    const code = readInvitation(fragment ?? '');
    if (path === 'invite' && code !== undefined) return this.enter(code);
    if (!about.ok) return this.#state.set(open);
    const { signUp, setUp = false } = about.value;
    if (signUp === 'closed' && !setUp) return this.#state.set({ is: 'shut', why: 'closed' });
    const wrong = path === 'invite' && fragment !== null;
    this.#state.set(signUp === 'open' && !wrong ? open : { is: 'code', wrong, setUp });
  }

  /** Shows an invitation or the set-up link, as it was typed or scanned. */
  async enter(typed: string): Promise<void> {
    const entry = readEntry(typed);
    if (entry && 'setUp' in entry) return this.#setUp(entry.setUp);
    const code = entry?.invitation;
    const answer = code === undefined ? undefined : await this.#look(code);
    if (code === undefined || answer === undefined || isRefused(answer)) return this.#refuse(answer);
    const inviter = answer.ok ? answer.value.inviter : undefined;
    this.#state.set({ is: 'form', shown: { invitation: code }, by: 'invitation', ...(inviter && { inviter }) });
  }

  /** Somebody has an invitation where none is needed. */
  askForCode(): void {
    this.#state.set({ is: 'code', wrong: false, setUp: false });
  }

  #look(code: string) {
    return this.#call('POST', '/api/invitations/open', { body: { code }, answer: openedInvitation });
  }

  #refuse(answer: Result<unknown, Failure> | undefined): void {
    if (answer && !answer.ok && answer.error.kind === 'problem' && answer.error.problem.type === 'sign-up-closed')
      return this.#state.set({ is: 'shut', why: 'closed' });
    this.#state.set({ is: 'code', wrong: true, setUp: this.#about()?.setUp ?? false });
  }

  async #setUp(code: string | undefined): Promise<void> {
    const answer = code === undefined ? undefined : await this.#call('POST', '/api/set-up/open', { body: { code } });
    if (code === undefined || (answer && isRefused(answer))) return this.#state.set({ is: 'shut', why: 'set-up-used' });
    this.#state.set({ is: 'form', shown: { setUp: code }, by: 'set-up' });
  }
}

const open: Newcomer = { is: 'form', shown: {}, by: 'open' };

/** The server has looked at the code and says no; one that cannot be reached has not. */
const isRefused = (answer: Result<unknown, Failure>): boolean => !answer.ok && answer.error.kind === 'problem';
