import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type UserId } from '#protocol/ids';
import type { Result } from '#protocol/result';
import type { KeptEvent } from '../../../crypto/arrived.ts';
import { InPerson, type Comparing as Verbs } from '../../../crypto/in-person.ts';
import { isOfKind } from '../../../crypto/scanned-text.ts';
import { readVerifyCode, type CodeRefusal } from '../../../crypto/verify-code.ts';
import type { VerifyRefusal } from '../../../crypto/verify.ts';
import { Account } from '../account/account';
import { NOBODY } from '../account/no-id';
import { OwnKeys } from './own-keys';

/** The text of the code, or why there is none; `unknown`: this device was not asked yet. */
export type Shown = { readonly code: string } | 'unknown' | 'not-own' | 'no-identity';

/** What has come of a scan. */
export type Compared =
  | 'verified'
  /** The code is not of the identity that this device has of them. */
  | 'other-identity'
  /** Their device has another identity of this person than this person's. */
  | 'other-own'
  /** It was not the code that was meant, or cannot be read here. */
  | 'other-person'
  | 'own-code'
  | 'other-version'
  /** It was right, and could not be kept. */
  | 'not-kept';

/** Whether a text is a code of this kind, be it of another version. */
export const isCodeToCompare = (text: string): boolean => isOfKind(readVerifyCode(text));

/** Comparing with one person, for as long as the page about it is open. */
@Injectable()
export class ComparingInPerson {
  readonly #keys = inject(OwnKeys);
  readonly #me = inject(Account).me;
  readonly #machine: Verbs = {
    identities: userId => this.#keys.ask('identities', userId),
    verify: compared => this.#keys.ask('verify', compared),
    sendToAll: input => this.#keys.ask('sendToAll', input),
  };
  readonly #shown = signal<Shown>('unknown');
  readonly #compared = signal<Compared | null>(null);
  readonly #busy = signal(false);
  #person: UserId = NOBODY;
  #page = new InPerson(this.#machine, NOBODY, NOBODY);

  readonly shown = this.#shown.asReadonly();
  /** Null: nothing was scanned yet. */
  readonly compared = this.#compared.asReadonly();
  readonly busy = this.#busy.asReadonly();

  constructor() {
    this.#keys.came.pipe(takeUntilDestroyed()).subscribe(() => void this.#look());
    this.#keys.events.pipe(takeUntilDestroyed()).subscribe(events => void this.#hear(events));
  }

  /** @param person who is meant; the code of another one is not shown any more */
  begin(person: UserId): void {
    this.#person = person;
    this.#page = new InPerson(this.#machine, this.#me()?.id ?? NOBODY, person);
    this.#shown.set('unknown');
    this.#compared.set(null);
    void this.#look();
  }

  /** What the camera has seen. */
  async scanned(text: string): Promise<void> {
    if (this.#busy()) return;
    await this.#settle(page => page.scanned(text));
  }

  /** As if nothing had been scanned: the code that was shown is no good any more. */
  async again(): Promise<void> {
    this.#page.forget();
    this.#compared.set(null);
    await this.#look();
  }

  async #look(): Promise<void> {
    const page = this.#page;
    if (this.#person === NOBODY || this.#keys.state() === 'unknown') return;
    // Offline, what is known stands.
    await this.#keys.ask('follow', [this.#person]).catch(() => undefined);
    const code = await page.code().catch(() => null);
    if (page === this.#page && code) this.#shown.set(code.ok ? { code: code.value } : code.error);
  }

  async #hear(events: readonly KeptEvent[]): Promise<void> {
    for (const event of events) await this.#settle(page => page.heard(event));
  }

  async #settle(act: (page: InPerson) => Promise<Result<null, CodeRefusal | VerifyRefusal> | null>): Promise<void> {
    const page = this.#page;
    this.#busy.set(true);
    const settled = await act(page).catch(() => 'no-answer' as const);
    this.#busy.set(false);
    if (page !== this.#page || settled === null) return;
    if (settled === 'no-answer') return this.#compared.set('not-kept');
    this.#compared.set(settled.ok ? 'verified' : outcomeOf(settled.error));
    // Nobody who sees the code now is told anything by it.
    if (!settled.ok && isMismatch(settled.error)) page.forget();
    // A change that was asked about is decided, and what waited for it leaves.
    if (settled.ok) this.#keys.changed();
  }
}

const isMismatch = (refusal: CodeRefusal | VerifyRefusal): boolean =>
  refusal === 'other-identity' || refusal === 'other-own';

const outcomeOf = (refusal: CodeRefusal | VerifyRefusal): Compared => {
  switch (refusal) {
    case 'not-own':
    case 'no-identity':
    case 'identity-changed':
      return 'not-kept';
    case 'unreadable':
      return 'other-version';
    default:
      return refusal;
  }
};
