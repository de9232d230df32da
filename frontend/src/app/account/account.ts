import { computed, effect, inject, Injectable, InjectionToken, signal } from '@angular/core';
import {
  installation,
  type InstallationInfo,
  type Me,
  type Shown,
  type SignedIn,
  signedIn,
} from '#protocol/api/account';
import { normalizeDisplayName } from '#protocol/display-name';
import { ok, type Result } from '#protocol/result';
import { foldUsername } from '#protocol/username';
import { Words } from '../../i18n/words';
import { Access } from './access';
import { type AccountEvent, nextAccount, UNKNOWN } from './account-state';
import { deviceOf } from './device-name';
import { call, type Failure } from './fetch-json';
import { forgetIdentity, type Identity, loadIdentity, loadProof, type Proof, saveIdentity } from './identity';
import { loginSecret } from './login-secret';
import { wantedBehind } from './wanted';

/** Begins anew at an address, with nothing of the last user in memory; a spec puts its own in its place. */
export const RESTART = new InjectionToken<(path: string) => void>('restart', {
  providedIn: 'root',
  factory: () => path => location.assign(path),
});

export interface Credentials {
  username: string;
  password: string;
}

/** Who is at this device: the shell around `nextAccount`. */
@Injectable({ providedIn: 'root' })
export class Account {
  readonly #access = inject(Access);
  readonly #restart = inject(RESTART);
  readonly #words = inject(Words);
  readonly #state = signal(UNKNOWN);
  #identity: Identity | undefined;

  readonly state = this.#state.asReadonly();
  /** The person, with or without the server there. */
  readonly me = computed<Me | undefined>(() => {
    const state = this.#state();
    return 'me' in state ? state.me : undefined;
  });
  /** Messages that wait to be sent; chat keeps the number, and signing out warns of it. */
  readonly unsent = signal(0);
  readonly #leaving = new Set<(comesBack: boolean) => Promise<void>>();

  constructor() {
    effect(() => {
      const outcome = this.#access.outcome();
      if (outcome === 'renewed') this.#apply({ type: 'renewed' });
      if (outcome === 'refused') void this.#refused();
    });
    effect(() => void this.#knownIn(this.#access.epoch()));
  }

  /** Reads who was here last, and asks for a token in their name. Resolves when the state is known. */
  async start(): Promise<void> {
    const identity = await loadIdentity().catch(() => undefined);
    // Another tab was Parley meanwhile, and somebody else may have come in there.
    if (this.#state().is !== 'unknown' && identity?.deviceId !== this.#identity?.deviceId) return this.#restart('/');
    this.#identity = identity;
    if (this.#identity) this.#access.use(this.#identity);
    this.#apply({ type: 'loaded', me: this.#identity?.me });
  }

  /** @param displayName as typed; `shown`: what gives the right to come in */
  async register(typed: Credentials & { displayName: string }, shown: Shown = {}): Promise<Result<void, Failure>> {
    const displayName = normalizeDisplayName(typed.displayName);
    return this.#enter('/api/auth/register', typed, { displayName, ...shown });
  }

  /** A device that has signed in here before proves it, and nobody else's attempts can lock it out. */
  async signIn(typed: Credentials): Promise<Result<void, Failure>> {
    const proof = await loadProof().catch(() => undefined);
    if (proof?.username !== foldUsername(typed.username)) return this.#enter('/api/auth/login', typed, {});
    const device = { deviceId: proof.deviceId, deviceSecret: proof.deviceSecret };
    return this.#enter('/api/auth/login', typed, { device });
  }

  /** Signs this device out and takes away everything it keeps of this person. */
  async signOut(): Promise<void> {
    const token = await this.#access.token().catch(() => null);
    // A server that cannot be reached learns it from the 401 it gives to what is left of the session.
    if (token !== null) await call('POST', '/api/auth/logout', {}, token);
    await this.#end('/sign-in');
  }

  /** The profile has changed, here or on another device. */
  async changed(me: Me): Promise<void> {
    this.#apply({ type: 'changed', me });
    if (this.#identity) await saveIdentity((this.#identity = { ...this.#identity, me }));
  }

  /**
   * The name of the database that keeps what this device has of this person (account/local-database.ts).
   * @throws where nobody is known
   */
  databaseName(): string {
    if (!this.#identity) throw new Error('nobody is here');
    return `parley-${this.#identity.installationId}-${this.#identity.me.id}`;
  }

  /**
   * What this person's password signs in with: for changing it, or deleting the account.
   * @throws where nobody is known
   */
  secretOf(password: string): Promise<string> {
    if (!this.#identity) throw new Error('nobody is here');
    const { installationId, me } = this.#identity;
    return loginSecret(password, me.username, installationId);
  }

  /** Registers what must be closed before this person leaves, and taken back unless they are to come back. */
  beforeLeaving(forget: (comesBack: boolean) => Promise<void>): void {
    this.#leaving.add(forget);
  }

  async #enter(path: string, { username, password }: Credentials, more: object): Promise<Result<void, Failure>> {
    const about = await call('GET', '/api/installation', { answer: installation });
    if (!about.ok) return about;
    const name = foldUsername(username);
    const secret = await loginSecret(password, name, about.value.id);
    const body = { username: name, loginSecret: secret, deviceName: this.#deviceName(), ...more };
    const answer = await call('POST', path, { body, answer: signedIn });
    if (!answer.ok) return answer;
    await this.#entered(about.value, answer.value);
    return ok(undefined);
  }

  #deviceName(): string {
    const { machine, browser } = deviceOf(navigator.userAgent);
    return `${this.#words.t(`account.device.${machine}`)}, ${browser}`;
  }

  async #entered(
    { id: installationId, epoch }: InstallationInfo,
    { accessToken, expiresInMs, deviceId, deviceSecret, me }: SignedIn,
  ) {
    this.#identity = { installationId, deviceId, deviceSecret, me, epoch };
    const left = (await loadProof().catch(() => undefined))?.keeps;
    // Somebody else has come in: what was left for its owner goes.
    if (left !== undefined && left !== this.databaseName()) indexedDB.deleteDatabase(left);
    await saveIdentity(this.#identity);
    this.#access.use(this.#identity, { text: accessToken, expiresInMs });
    this.#apply({ type: 'entered', me });
  }

  /** The store of this epoch knows the session: where it does not any more, the device was removed. */
  async #knownIn(epoch: string | undefined): Promise<void> {
    if (!this.#identity || epoch === undefined || this.#identity.epoch === epoch) return;
    this.#identity = { ...this.#identity, epoch };
    await saveIdentity(this.#identity);
  }

  // The device may still be known to the server, only its cookie gone: its proof spares it the queue of strangers.
  async #refused(): Promise<void> {
    const { deviceId, deviceSecret, me } = this.#identity ?? {};
    const known = deviceId && deviceSecret && me ? { deviceId, deviceSecret, username: me.username } : undefined;
    const isRestored = known !== undefined && (await this.#isRestored());
    const why = isRestored ? 'restored' : 'ended';
    const next = `/sign-in?${new URLSearchParams({ why, ...wantedBehind(location.pathname) }).toString()}`;
    return this.#end(next, isRestored ? { ...known, keeps: this.databaseName() } : known, isRestored);
  }

  /**
   * Whether the server lost this session to a backup (PROTOCOL.md, Epoch). Where it does not answer that is not known,
   * and what cannot be had again must not go.
   */
  async #isRestored(): Promise<boolean> {
    const epoch = this.#identity?.epoch;
    if (epoch === undefined) return false;
    const about = await call('GET', '/api/installation', { answer: installation });
    return !about.ok || about.value.epoch !== epoch;
  }

  /** @param comesBack what the device has of this person stays, for nobody else */
  async #end(next: string, proof?: Proof, comesBack = false): Promise<void> {
    this.#access.drop();
    await Promise.allSettled([...this.#leaving].map(forget => forget(comesBack)));
    if (this.#identity && !comesBack) indexedDB.deleteDatabase(this.databaseName());
    await forgetIdentity(proof).catch(() => undefined);
    this.#identity = undefined;
    this.#apply({ type: 'left' });
    this.#restart(next);
  }

  #apply(event: AccountEvent): void {
    this.#state.update(state => nextAccount(state, event));
  }
}
