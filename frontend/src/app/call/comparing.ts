import { computed, inject, Service, signal, untracked } from '@angular/core';
import { isInCall } from '#protocol/call-client-state';
import type { CallCode } from '../../../crypto/call-code.ts';
import { laterWords } from '../../i18n/later-words';
import { GuestCalls } from '../crypto/guest-calls';
import { OwnKeys } from '../crypto/own-keys';
import { TrustOf } from '../crypto/trust-of';
import { Call } from './call';
import { CallLink } from './call-link';
import { CODE_EMOJI, type Emoji } from './code-emoji';
import { StagePanels } from './stage-panels';

/** The four emoji of the present call, and what its person says of them. */
@Service()
export class Comparing {
  readonly #call = inject(Call);
  readonly #link = inject(CallLink);
  readonly #keys = inject(OwnKeys);
  readonly #guests = inject(GuestCalls);
  readonly #panels = inject(StagePanels);
  readonly #trust = inject(TrustOf);
  readonly #t = laterWords();
  /** The code whose hint was closed. A call that moves gets another code, and the hint is shown again. */
  readonly #hidden = signal<CallCode | null>(null);
  readonly #joined = computed(() => {
    const call = this.#call.state();
    return isInCall(call) ? call : null;
  });
  readonly #trusted = computed(() => {
    const call = this.#joined();
    if (call === null) return undefined;
    return this.#guests.concerns(call.peerId) ? 'pinned' : this.#trust.of(call.peerId);
  });

  /** Whether the other person is verified; null: it is not known, or they have no identity. */
  readonly isVerified = computed(() => {
    const trust = this.#trusted();
    return trust === undefined || trust === 'none' ? null : trust === 'verified';
  });
  /** Null: there is no code yet, or nothing to compare. */
  readonly emoji = computed<readonly Emoji[] | null>(() => {
    const code = this.#link.code();
    if (code === null || this.#trusted() !== 'pinned') return null;
    return code.emoji.map(place => CODE_EMOJI[place] ?? CODE_EMOJI[0]);
  });
  readonly names = computed(() => (this.emoji() ?? []).map(([, name]) => this.#t(`call.code.emoji.${name}`)));
  /** Whether somebody is to be told what the emoji are for. */
  readonly hints = computed(() => this.emoji() !== null && this.#hidden() !== this.#link.code());
  readonly isSaving = signal(false);
  /** What was said could not be kept. */
  readonly hasFailed = signal(false);

  open(): void {
    this.hasFailed.set(false);
    this.hideHint();
    this.#panels.open.set('code');
  }

  hideHint(): void {
    this.#hidden.set(untracked(this.#link.code));
  }

  /** Verifies the identity of which this code was computed, whatever the server shows meanwhile. */
  async same(): Promise<void> {
    const [userId, code] = [this.#joined()?.peerId, this.#link.code()];
    if (userId === undefined || code === null) return;
    // A guest has no key that could be marked: the code stays.
    if (this.#guests.concerns(userId)) return this.#panels.open.set(null);
    this.isSaving.set(true);
    this.hasFailed.set(false);
    try {
      const verified = await this.#keys.ask('verify', { userId, masterKey: code.masterKey });
      this.hasFailed.set(!verified.ok);
      this.#keys.changed();
    } catch {
      this.hasFailed.set(true);
    } finally {
      this.isSaving.set(false);
    }
  }

  differ(): void {
    const callId = this.#joined()?.callId;
    if (callId !== undefined) this.#call.unsealed(callId, 'codes-differ');
  }
}
