import { Component, computed, DestroyRef, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import info from 'lucide-static/icons/info.svg';
import { installation as installationShape } from '#protocol/api/account';
import { admitted, openedLink } from '#protocol/api/guests';
import { iceServers } from '#protocol/ice-servers';
import { isInCall, isPlacing, type Outcome } from '#protocol/call-client-state';
import { faultOfName, normalizeDisplayName } from '#protocol/display-name';
import { callOf, doorOf, readSecret } from '../../../crypto/guest-link.ts';
import { type Key } from '../../i18n/words';
import { guestWords } from '../../i18n/guest-words';
import { Account } from '../account/account';
import { FailureWords } from '../account/failure-words';
import { call as ask, type Failure } from '../account/fetch-json';
import { Avatar } from '../contacts/avatar';
import { GuestCalls, type GuestPass } from '../crypto/guest-calls';
import { FormFoot } from '../look/form-foot';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { TextField } from '../look/text-field';
import { Toasts } from '../look/toast';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallOverlay } from './call-overlay';
import { IceServerSource } from './ice-servers';
import { OwnPicture } from './own-picture';
import { problemsOf } from './problems-of';

/** What became of a knock or a call, in words; any other end was no answer. */
const RESULTS: Readonly<Partial<Record<Outcome['reason'], Key>>> = {
  declined: 'guest.result.declined',
  busy: 'guest.result.busy',
  unavailable: 'guest.result.away',
  offline: 'guest.result.offline',
};

/**
 * ```
 *   look ──► name ── knock ──► waiting ── let in ──► call ──► over
 *    │ over     ▲                 │ turned away, nobody there
 *    ▼          └─────────────────┘
 * ```
 * The page of somebody without an account who was handed a link for one call. Nothing is captured before they knock, and
 * nothing is sent before they are let in; nothing of them stays on this device.
 */
@Component({
  selector: 'parley-guest-page',
  imports: [Avatar, CallOverlay, FormFoot, Icon, OwnPicture, RouterLink, TextField, Toasts],
  templateUrl: './guest-page.html',
  styleUrl: './guest-page.css',
})
export class GuestPage {
  readonly #call = inject(Call);
  readonly #guests = inject(GuestCalls);
  readonly #servers = inject(IceServerSource);
  readonly #signaling = inject(Signaling);
  readonly #account = inject(Account);
  readonly #failures = inject(FailureWords);
  protected readonly media = inject(CallMedia);
  protected readonly t = guestWords();
  protected readonly icons = { info, mark };
  readonly #fragment = toSignal(inject(ActivatedRoute).fragment, { initialValue: null });
  readonly #secret = computed(() => readSecret(this.#fragment()));

  protected readonly me = this.#account.me;
  protected readonly installation = signal('');
  protected readonly host = signal<GuestPass['host'] | undefined>(undefined);
  protected readonly isTaken = signal(false);
  protected readonly isOver = signal(false);
  protected readonly canRetry = signal(false);
  protected readonly name = signal('');
  protected readonly nameHint = signal('');
  protected readonly busy = signal(false);
  protected readonly failure = signal('');
  /** What the last knock came to; null before one, and while one waits. */
  protected readonly result = signal<Outcome | null>(null);

  protected readonly inCall = computed(() => isInCall(this.#call.state()));
  protected readonly waiting = computed(() => isPlacing(this.#call.state()));
  /** The host's page says that it shows the knock, and the server can be heard. */
  protected readonly isShown = computed(() => {
    const call = this.#call.state();
    return isPlacing(call) && call.devices > 0 && this.#signaling.status().is === 'live';
  });
  protected readonly problems = computed(() => problemsOf(this.media.local()));
  /** The browser asks for the camera or the microphone, and the call waits for the answer. */
  protected readonly asksFor = computed<Key | null>(() => (this.media.asksFor().length > 0 ? 'guest.allow' : null));
  protected readonly mayKnock = computed(() => this.host() !== undefined && !this.isOver() && !this.me());

  protected readonly title = computed(() => {
    const name = this.host()?.displayName;
    if (this.isOver()) return this.t(hasTalked(this.result()) ? 'guest.callOver' : 'guest.over');
    return name === undefined ? this.t('guest.invited') : this.t('guest.invitedBy', { name });
  });
  protected readonly said = computed(() => {
    const [me, host, result] = [this.me(), this.host(), this.result()];
    const name = host?.displayName ?? this.t('call.somebody');
    if (this.isOver()) return this.t(hasTalked(result) ? 'guest.callOverWhy' : 'guest.overWhy');
    if (me) return this.t(host?.id === me.id ? 'guest.own' : 'guest.signedIn', { name });
    if (this.isTaken()) return this.t('guest.taken', { name });
    return result === null ? '' : this.t(RESULTS[result.reason] ?? 'guest.result.noAnswer', { name });
  });

  constructor() {
    // Built while the guest waits, so that the picture is there the moment they are let in.
    inject(CallLink);
    effect(() => {
      if (this.#secret() === null) return this.isOver.set(true);
      if (this.#account.state().is !== 'unknown') untracked(() => void this.look());
    });
    effect(() => {
      this.name();
      untracked(() => this.nameHint.set(''));
    });
    let knocked = false;
    effect(() => {
      const call = this.#call.state();
      if (call.state !== 'idle') knocked = true;
      else if (knocked) {
        knocked = false;
        untracked(() => void this.#ended(call.last));
      }
    });
    void this.#named();
    const own = this.#servers.request;
    inject(DestroyRef).onDestroy(() => {
      if (this.#guests.pass === null) return;
      this.leave();
      this.#signaling.disconnect();
      // Who signs in on this page is no guest.
      this.#guests.pass = null;
      this.#servers.request = own;
    });
  }

  /** Asks the server whose link this is, and whether it can be used. */
  protected async look(): Promise<void> {
    const secret = this.#secret();
    if (secret === null) return;
    this.canRetry.set(false);
    this.failure.set('');
    const body = { callId: await callOf(secret), door: await doorOf(secret) };
    const answer = await ask('POST', '/api/guest/look', { body, answer: openedLink });
    if (!answer.ok) return this.#failed(answer.error);
    this.host.set(answer.value.host);
    this.isTaken.set(answer.value.is === 'taken');
  }

  protected async knock(): Promise<void> {
    const [secret, name] = [this.#secret(), normalizeDisplayName(this.name())];
    if (this.busy() || secret === null) return;
    const fault = faultOfName(name);
    this.nameHint.set(fault === undefined ? '' : this.t(`guest.nameFault.${fault}`));
    if (fault !== undefined) return;
    this.busy.set(true);
    this.failure.set('');
    const callId = await callOf(secret);
    const body = { callId, door: await doorOf(secret), name };
    const answer = await ask('POST', '/api/guest/knock', { body, answer: admitted });
    this.busy.set(false);
    if (!answer.ok) return this.#failed(answer.error);
    const { token, userId, host } = answer.value;
    this.isTaken.set(false);
    this.name.set(name);
    this.#guests.secrets.set(callId, secret);
    this.#guests.know(host);
    this.#guests.pass = { userId, host };
    this.#servers.request = (_, signal) =>
      ask('POST', '/api/guest/ice-servers', { body: { token }, answer: iceServers, signal });
    // A token that the server does not take any more has no successor: the call is over.
    this.#signaling.connect(async renew => (renew ? null : token));
    this.#call.place(host.id, 'video', callId);
  }

  protected leave(): void {
    this.#call.leave();
  }

  /** Turned away, not heard, or talked: the link says what can be done now. */
  async #ended(last: Outcome | null): Promise<void> {
    const left = last?.reason === 'cancelled' || (last?.reason === 'hung-up' && last.connectedAt === null);
    this.result.set(left ? null : last);
    this.#call.dispatch({ type: 'dismiss' });
    this.#signaling.disconnect();
    if (!hasTalked(last)) return this.look();
    this.isOver.set(true);
  }

  #failed(failure: Failure): void {
    const type = failure.kind === 'problem' ? failure.problem.type : undefined;
    if (type === 'invalid-code') return this.isOver.set(true);
    if (type === 'busy') return this.isTaken.set(true);
    this.canRetry.set(this.host() === undefined);
    this.failure.set(this.#failures.say(failure));
  }

  /** What this installation is called. */
  async #named(): Promise<void> {
    const answer = await ask('GET', '/api/installation', { answer: installationShape });
    if (answer.ok) this.installation.set(answer.value.name);
  }
}

const hasTalked = (last: Outcome | null): boolean => last !== null && last.connectedAt !== null;
