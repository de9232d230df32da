import { computed, effect, inject, InjectionToken, Service, signal } from '@angular/core';
import {
  installation,
  type InstallationInfo,
  type Me,
  type Shown,
  type SignedIn,
  signedIn,
} from '#protocol/api/account';
import { normalizeDisplayName } from '#protocol/display-name';
import { type DeviceAddress, type DeviceId } from '#protocol/ids';
import { ok, type Result } from '#protocol/result';
import { foldUsername } from '#protocol/username';
import { Words } from '../../i18n/words';
import { forgetKeys, forgetPerson, keepUnsentOnly, type Staying, type Unsent } from '../device/kept-data';
import { answered, StorageState } from '../device/storage-state';
import { Access } from './access';
import { type AccountEvent, nextAccount, UNKNOWN } from './account-state';
import { deviceOf } from './device-name';
import { call, type Failure } from './fetch-json';
import { forgetIdentity, type Identity, loadIdentity, loadProof, type Proof, saveIdentity } from './identity';
import { LOCAL_TABLES } from '../device/local-tables';
import { passwordKeys, type PasswordKeys } from './login-secret';
import { wantedBehind } from './wanted';

/** Loads the page at an address, with nothing of the last user in memory; a spec puts its own in its place. */
export const RESTART = new InjectionToken<(path: string) => void>('restart', {
  providedIn: 'root',
  factory: () => path => {
    // The browser may have put this page away whole (back/forward cache): it must not show what it showed.
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
    location.replace(path);
  },
});

/**
 * Why somebody is not signed in here any more, and what of theirs stays on the device:
 * - `left`: signed out or deleted the account here: nothing;
 * - `ended`: the server says so (removed elsewhere, disabled, idle too long): what was written here and not sent, and the keys
 *   of this device, since no answer of the server takes those;
 * - `restored`: the server is back from a backup that does not know this session: everything;
 * - `lost`: the browser has lost the keys of this device, which becomes another one: everything, too.
 */
type Ending = 'left' | 'ended' | 'restored' | 'lost';

/** What is said before signing out takes at most this long, ms: the person wants to go. */
const FAREWELL_MS = 3_000;

const proofOf = ({ deviceId, deviceSecret }: Pick<Proof, 'deviceId' | 'deviceSecret'>) => ({ deviceId, deviceSecret });

export interface Credentials {
  username: string;
  password: string;
}

/** Who is at this device: the shell around `nextAccount`. */
@Service()
export class Account {
  readonly #access = inject(Access);
  readonly #restart = inject(RESTART);
  readonly #words = inject(Words);
  readonly #storage = inject(StorageState);
  readonly #tables = inject(LOCAL_TABLES, { optional: true }) ?? [];
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
  readonly #waiting = signal<string | undefined>(undefined);
  /** Whose messages wait on this device to be sent: the username. Nobody is signed in. */
  readonly waiting = this.#waiting.asReadonly();
  readonly #lostBy = signal<string | undefined>(undefined);
  /** Who has lost the keys of this device, and comes back as another one: the username. */
  readonly lostBy = this.#lostBy.asReadonly();
  readonly #leaving = new Set<() => Promise<void>>();
  readonly #farewells = new Set<() => Promise<void>>();
  #isLeaving = false;
  readonly #wrappingKey = signal<CryptoKey | undefined>(undefined);
  /** Makes, or opens, the secrets of this person: there since a password was typed here, until that is done. */
  readonly wrappingKey = this.#wrappingKey.asReadonly();

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
    const identity = await this.#known();
    // Another tab was Parley meanwhile, and somebody else may have come in there.
    if (this.#state().is !== 'unknown' && identity?.deviceId !== this.#identity?.deviceId) return this.#restart('/');
    this.#identity = identity;
    this.#wrappingKey.set(identity?.wrappingKey);
    if (this.#identity) this.#access.use(this.#identity);
    const proof = identity || this.#storage.refusal() ? undefined : await this.#proof();
    if (proof?.isLost) this.#lostBy.set(proof.username);
    this.#apply({ type: 'loaded', me: this.#identity?.me });
    if (!this.#identity) await this.#nobody(proof);
  }

  async #known(): Promise<Identity | undefined> {
    try {
      return await answered(loadIdentity());
    } catch {
      this.#storage.refused('identity');
      return undefined;
    }
  }

  /** What a page that was closed while somebody left could not take away goes now. */
  async #nobody(proof: Proof | undefined): Promise<void> {
    if (proof?.keeps === undefined) await forgetPerson({ share: true, keys: proof?.keys });
    else this.#waiting.set(proof.username);
  }

  #proof(): Promise<Proof | undefined> {
    return answered(loadProof()).catch(() => undefined);
  }

  /** Deletes what somebody had left on this device to come back to. */
  async forgetWaiting(): Promise<void> {
    await forgetIdentity();
    await forgetPerson({ share: true });
    this.#waiting.set(undefined);
    this.#lostBy.set(undefined);
  }

  /** @param displayName as typed; `shown`: what gives the right to come in */
  async register(typed: Credentials & { displayName: string }, shown: Shown = {}): Promise<Result<void, Failure>> {
    const displayName = normalizeDisplayName(typed.displayName);
    return this.#enter('/api/auth/register', typed, { displayName, ...shown });
  }

  /** A device that has signed in here before proves it, and nobody else's attempts can lock it out. */
  async signIn(typed: Credentials): Promise<Result<void, Failure>> {
    const proof = await this.#proof();
    if (proof?.username !== foldUsername(typed.username) || proof.isLost)
      return this.#enter('/api/auth/login', typed, {});
    return this.#enter('/api/auth/login', typed, { device: proofOf(proof) });
  }

  /**
   * Asks the server whether this is the person's password, by signing this same device in again: then `wrappingKey` is there.
   * @throws where no person is signed in on this device
   */
  async prove(password: string): Promise<Result<void, Failure>> {
    if (!this.#identity) throw new Error('nobody is here');
    const { me, ...device } = this.#identity;
    return this.#enter('/api/auth/login', { username: me.username, password }, { device: proofOf(device) });
  }

  /** The secrets of this person were made or opened here: the key is not kept for longer. */
  async usedWrappingKey(): Promise<void> {
    this.#wrappingKey.set(undefined);
    const { wrappingKey: used, ...identity } = this.#identity ?? {};
    if (used && this.#identity) await this.#keep(identity as Identity);
  }

  /** Signs this device out and takes away everything it keeps of this person. */
  async signOut(): Promise<void> {
    this.#isLeaving = true;
    await Promise.race([
      Promise.allSettled([...this.#farewells].map(farewell => farewell())),
      new Promise(resolve => setTimeout(resolve, FAREWELL_MS)),
    ]);
    await this.#logOut();
    await this.#end('left', '/sign-in');
  }

  async #logOut(): Promise<void> {
    const token = await this.#access.token().catch(() => null);
    // A server that cannot be reached learns it from the 401 it gives to what is left of the session.
    if (token !== null) await call('POST', '/api/auth/logout', {}, token);
  }

  /** The browser has lost the keys of this device: it is signed out, and whose it was comes back as another device. */
  async keysLost(): Promise<void> {
    if (this.#isLeaving || !this.#identity) return;
    this.#isLeaving = true;
    const { deviceId, deviceSecret, me } = this.#identity;
    await this.#logOut();
    await this.#end('lost', this.#door(), { deviceId, deviceSecret, username: me.username, isLost: true });
  }

  /** @param strike takes the device that this one has replaced off the signed list: then nothing of its keys is needed any more */
  async strikeReplaced(strike: (id: DeviceId) => Promise<unknown>): Promise<void> {
    const before = this.#identity?.replaces;
    if (!before) return;
    await strike(before.deviceId);
    const { replaces, ...identity } = this.#identity ?? {};
    if (replaces) await this.#keep(identity as Identity);
    // A damaged database may not let itself be deleted: it goes with the rest when its person leaves.
    if (before.keys) void forgetKeys(before.keys).catch(() => undefined);
  }

  /**
   * Leaves by what the person asks the server for, the deletion of the account: that the server ends this session over it is
   * no news, and nothing stays.
   */
  async leaveBy(ask: () => Promise<Result<void, Failure>>): Promise<Result<void, Failure>> {
    this.#isLeaving = true;
    const done = await ask();
    this.#isLeaving = done.ok;
    if (done.ok) await this.#end('left', '/sign-in');
    else if (this.#access.outcome() === 'refused') await this.#refused();
    return done;
  }

  /** The profile has changed, here or on another device. */
  async changed(me: Me): Promise<void> {
    this.#apply({ type: 'changed', me });
    if (this.#identity) await this.#keep({ ...this.#identity, me });
  }

  /**
   * The name of the database that keeps what this device has of this person (device/local-database.ts).
   * @throws where no person is signed in on this device
   */
  databaseName(): string {
    if (!this.#identity) throw new Error('nobody is here');
    return `parley-${this.#identity.installationId}-${this.#identity.me.id}`;
  }

  /**
   * How the names of the databases begin that keep the keys of this device: signed in as another device it has others.
   * @throws where no person is signed in on this device
   */
  keysName(): string {
    return `${this.databaseName()}-${this.address().deviceId}`;
  }

  /**
   * This device of this person.
   * @throws where no person is signed in on this device
   */
  address(): DeviceAddress {
    if (!this.#identity) throw new Error('nobody is here');
    return { userId: this.#identity.me.id, deviceId: this.#identity.deviceId };
  }

  /**
   * What comes from this person's password: for changing it, or deleting the account.
   * @throws where no person is signed in on this device
   */
  keysOf(password: string): Promise<PasswordKeys> {
    if (!this.#identity) throw new Error('nobody is here');
    const { installationId, me } = this.#identity;
    return passwordKeys(password, me.username, installationId);
  }

  /** Registers what must be closed before what the device keeps of this person can go. */
  beforeLeaving(close: () => Promise<void>): void {
    this.#leaving.add(close);
  }

  /** Registers what is said to the server before this device signs out; one that cannot be said holds nothing up for long. */
  beforeSigningOut(farewell: () => Promise<void>): void {
    this.#farewells.add(farewell);
  }

  async #enter(path: string, { username, password }: Credentials, more: object): Promise<Result<void, Failure>> {
    const about = await call('GET', '/api/installation', { answer: installation });
    if (!about.ok) return about;
    const name = foldUsername(username);
    const { loginSecret, wrappingKey } = await passwordKeys(password, name, about.value.id);
    const body = { username: name, loginSecret, deviceName: this.#deviceName(), ...more };
    const answer = await call('POST', path, { body, answer: signedIn });
    if (!answer.ok) return answer;
    await this.#entered(about.value, answer.value, wrappingKey);
    return ok(undefined);
  }

  #deviceName(): string {
    const { machine, browser } = deviceOf(navigator.userAgent);
    return `${this.#words.t(`account.device.${machine}`)}, ${browser}`;
  }

  async #entered(
    { id: installationId, epoch }: InstallationInfo,
    { accessToken, expiresInMs, deviceId, deviceSecret, me }: SignedIn,
    wrappingKey: CryptoKey,
  ) {
    const proof = await this.#proof();
    const isHere = this.#identity?.deviceId === deviceId;
    // Somebody else has come in: what was left for its owner goes.
    if (!isHere && proof?.username !== me.username) {
      await answered(forgetIdentity()).catch(() => this.#storage.refused('identity'));
      await forgetPerson({ share: true });
    } else if (proof?.keys !== undefined && proof.deviceId !== deviceId && !proof.isLost) {
      await forgetKeys(proof.keys);
    }
    const lost =
      proof?.isLost && proof.username === me.username ? { deviceId: proof.deviceId, keys: proof.keys } : undefined;
    const replaces = isHere ? this.#identity?.replaces : lost;
    const identity = { installationId, deviceId, deviceSecret, me, epoch, wrappingKey, ...(replaces && { replaces }) };
    await this.#keep(identity);
    this.#wrappingKey.set(wrappingKey);
    this.#waiting.set(undefined);
    this.#access.use(identity, { text: accessToken, expiresInMs });
    this.#apply({ type: 'entered', me });
  }

  /** Who is here; a browser that keeps nothing is used as long as its page lives. */
  async #keep(identity: Identity): Promise<void> {
    this.#identity = identity;
    await answered(saveIdentity(identity)).catch(() => this.#storage.refused('identity'));
  }

  /** The store of this epoch knows the session: where it does not any more, the device was removed. */
  async #knownIn(epoch: string | undefined): Promise<void> {
    const identity = this.#identity;
    if (identity && epoch !== undefined && identity.epoch !== epoch) await this.#keep({ ...identity, epoch });
  }

  // The device may still be known to the server, only its cookie gone: its proof spares it the queue of strangers.
  async #refused(): Promise<void> {
    const { deviceId, deviceSecret, me } = this.#identity ?? {};
    const known = deviceId && deviceSecret && me ? { deviceId, deviceSecret, username: me.username } : undefined;
    const isRestored = known !== undefined && (await this.#isRestored());
    if (this.#isLeaving) return;
    const why = isRestored ? 'restored' : 'ended';
    return this.#end(why, this.#door({ why }), known);
  }

  #door(said: Record<string, string> = {}): string {
    return `/sign-in?${new URLSearchParams({ ...said, ...wantedBehind(location.pathname) }).toString()}`;
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

  async #end(ending: Ending, next: string, proof?: Proof): Promise<void> {
    this.#access.drop();
    await Promise.allSettled([...this.#leaving].map(close => close()));
    const keys = this.#identity && ending !== 'left' ? this.keysName() : undefined;
    const keeps = await this.#staying(ending);
    const name = this.#identity && this.databaseName();
    // Who it was goes first: a page that is closed now goes on with the rest at its next start.
    const stays = { ...(keeps && { keeps }), ...(keys && { keys }) };
    const forgotten = await answered(forgetIdentity(proof && { ...proof, ...stays })).then(
      () => true,
      () => false,
    );
    const staying: Staying = { database: keeps, keys };
    const isKept = ending === 'restored' || ending === 'lost';
    const left = isKept ? [] : await forgetPerson(staying, name ? [name] : []);
    this.#identity = undefined;
    this.#apply({ type: 'left' });
    this.#restart(ending === 'lost' || (forgotten && left.length === 0) ? next : '/sign-in?why=remains');
  }

  /** The name of the database that stays for this person, as far as it does. */
  async #staying(ending: Ending): Promise<string | undefined> {
    if (!this.#identity || ending === 'left') return undefined;
    const name = this.databaseName();
    if (ending !== 'ended') return name;
    const unsent = Object.assign({}, ...this.#tables.map(({ unsent: of }) => of)) as Unsent;
    return (await answered(keepUnsentOnly(name, unsent)).catch(() => false)) ? name : undefined;
  }

  #apply(event: AccountEvent): void {
    this.#state.update(state => nextAccount(state, event));
  }
}
