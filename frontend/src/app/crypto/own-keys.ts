import { computed, effect, inject, InjectionToken, Injector, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter, Subject, type Observable } from 'rxjs';
import { type DeviceId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { KeptEvent } from '../../../crypto/arrived.ts';
import type { MachineVerbs, PageVerbs } from '../../../crypto/contract.ts';
import type { Standing } from '../../../crypto/identity.ts';
import type { OpenRefusal } from '../../../crypto/own-secrets.ts';
import { StoreClosed } from '../../../crypto/store-fault.ts';
import { WorkerEnded } from '../../../crypto/watched-worker.ts';
import { Account } from '../account/account';
import { forgetRemembered, remember, remembered } from '../device/remembered';
import { once } from '../look/once';
import { Signaling } from '../signaling/signaling';
import { KeyBackup } from './key-backup';
import type { MachineLink } from './machine-link';
import { type Plain } from './opened';
import { faultOf, faultOfCode, type UnlockFault } from './unlock-fault';

/**
 * What this device is of its person; `unknown`: the server was not asked yet; `closed`: the browser does not give the store of its
 * keys. One that has lost them is no device of anybody: whose it was signs in again.
 */
export type KeyState = 'unknown' | 'closed' | Exclude<Standing, 'lost'>;

/** A recovery code to be written down; null: the page that has made it is gone. */
export interface OwedCode {
  readonly code: string | null;
}

const CODE_OWED = 'parley.code-owed';
/** After a round that failed the next one comes, ms: doubled each time, up to the most. */
const AGAIN_MS = 2_000;
const AGAIN_MOST_MS = 60_000;
/** A browser that is busy, or has just made room, gives a store at one of so many tries. */
const CLOSED_TRIES = 3;

/** The page's end of the machine, which is loaded when it is first asked: the chats are drawn before. */
export const MACHINE = new InjectionToken<() => Promise<Pick<MachineLink, 'call' | 'noticed'>>>('machine', {
  factory: () => {
    const injector = inject(Injector);
    return once(async () => injector.get((await import('./machine-link')).MachineLink));
  },
});

/** Whether a device that is this has keys that open something. */
const opens = (state: KeyState): boolean => !['unknown', 'closed', 'none', 'locked'].includes(state);

type Input<V extends keyof MachineVerbs> = Parameters<MachineVerbs[V]>[0];
type Noticed = Parameters<PageVerbs['noticed']>[0];
type Answer<V extends keyof MachineVerbs> = Awaited<ReturnType<MachineVerbs[V]>>;

/**
 * The keys of this device for as long as somebody is signed in: catches up with what the server keeps for it, makes the person's
 * identity or takes it over, backs up and restores.
 */
@Service()
export class OwnKeys {
  readonly #load = inject(MACHINE);
  readonly #machine = once(async () => {
    const machine = await this.#load();
    machine.noticed.subscribe(this.#noticed);
    return machine;
  });
  readonly #account = inject(Account);
  readonly #signaling = inject(Signaling);
  readonly #state = signal<KeyState>('unknown');
  readonly #plain = signal<Plain>(null);
  readonly #owed = signal<OwedCode | null>(remembered(CODE_OWED) === null ? null : { code: null });
  readonly #came = new Subject<void>();
  readonly #events = new Subject<readonly KeptEvent[]>();
  readonly #noticed = new Subject<Noticed>();
  readonly #backup = new KeyBackup(
    {
      backUp: input => this.#once('backUp', input),
      restore: input => this.#once('restore', input),
      tendDehydrated: input => this.#once('tendDehydrated', input),
    },
    () => this.#came.next(),
    () => this.#state() === 'own' && this.#signaling.status().is === 'live',
  );
  #running: Promise<void> | null = null;
  #isDue = false;
  /** Whether what this device is of its person is to be asked again. */
  #isDoubtful = true;
  #isReplacing = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refusal: OpenRefusal | null = null;

  readonly state = this.#state.asReadonly();
  /** Where plain messages are taken. */
  readonly plain = this.#plain.asReadonly();
  /** The recovery code that the person has not written down yet; null: none is owed. */
  readonly owedCode = this.#owed.asReadonly();
  /** How the reading of the backup goes on; null: none is read; `refused`: the server has shown an older one, or not what was put. */
  readonly restoring = this.#backup.restoring;
  /** Whether the backup was read by this page to its end, or to where it was refused. */
  readonly isRestored = this.#backup.isRestored;
  /** Whether entries can be opened: also on a device that is not its person's any more. */
  readonly hasOpened = computed(() => opens(this.#state()));
  /** Keys may have come: what could not be read or sent is tried again. */
  readonly came: Observable<void> = this.#came.asObservable();
  /** What other devices have sent to this one, the oldest first; each time until `actedOn`. */
  readonly events: Observable<readonly KeptEvent[]> = this.#events.asObservable();
  /** Lists of devices that were refused. */
  readonly noticed: Observable<Noticed> = this.#noticed.asObservable();

  constructor() {
    this.#signaling.frames
      .pipe(
        filter(({ type }) => type === 'welcome' || type === 'keys.state'),
        takeUntilDestroyed(),
      )
      .subscribe(({ type }) => {
        this.#isDoubtful ||= type === 'welcome';
        this.#look();
      });
    // A password was typed: what it opens is opened at once.
    effect(() => {
      if (!this.#account.wrappingKey() || this.#signaling.status().is !== 'live') return;
      this.#isDoubtful = true;
      untracked(() => this.#look());
    });
    effect(() => {
      // Tried again with the next attempt to reach the server.
      if (this.#signaling.status().is === 'waiting') untracked(() => void this.#standOffline().catch(() => undefined));
    });
    this.#account.beforeSigningOut(() => this.#farewell());
  }

  /**
   * Asks the machine, once more where its worker has ended.
   * @throws what the machine has thrown
   */
  async ask<V extends keyof MachineVerbs>(verb: V, input: Input<V>): Promise<Answer<V>> {
    try {
      return await this.#once(verb, input);
    } catch (error) {
      if (!(error instanceof WorkerEnded)) throw error;
      return this.#once(verb, input);
    }
  }

  async #once<V extends keyof MachineVerbs>(verb: V, input: Input<V>): Promise<Answer<V>> {
    return (await this.#machine()).call(verb, input);
  }

  /** A session may have begun that the backup does not hold. */
  backUpSoon(): void {
    if (this.#state() === 'own') this.#backup.soon();
  }

  /** Whether the server has said that something waits which was not fetched yet. */
  isDue(): boolean {
    return this.#running !== null;
  }

  /** Resolves when everything was fetched of which the server has said that it waits, or could not be. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Those of `events` up to this number were acted on. */
  async actedOn(number: number): Promise<void> {
    await this.ask('forgetEvents', number);
  }

  /** By the password, which the server is asked about: makes the identity of a person who has none, or opens the secrets. */
  async unlock(password: string): Promise<Result<null, UnlockFault>> {
    const proved = await this.#account.prove(password);
    if (!proved.ok) return err(faultOf(proved.error));
    return this.#opened();
  }

  /** By the recovery code, as typed. */
  recover(code: string): Promise<Result<null, UnlockFault>> {
    return this.#openBy({ by: 'recovery', code });
  }

  /**
   * By what another device of this person has sent that has scanned the code of this one.
   * @param secret of the code
   */
  approved(secret: string, box: string): Promise<Result<null, UnlockFault>> {
    return this.#openBy({ by: 'device', secret, box });
  }

  async #openBy(opening: Input<'openSecrets'>): Promise<Result<null, UnlockFault>> {
    const opened = await this.#try(() => this.ask('openSecrets', opening));
    if (opened === 'no-answer') return err('no-answer');
    if (!opened.ok) return err(faultOfCode(opened.error));
    return this.#opened();
  }

  /**
   * Another identity in the place of the one whose secrets nobody can open any more, or that somebody else may have: everybody is told.
   * What was written before is read on this device as far as its keys are here.
   */
  async startNew(password: string): Promise<Result<null, UnlockFault>> {
    // What the password could open is not opened meanwhile: two identities would be of this device.
    this.#isReplacing = true;
    let code: string | null | undefined;
    try {
      const proved = await this.#account.prove(password);
      const wrappingKey = this.#account.wrappingKey();
      if (!proved.ok || !wrappingKey) return err(proved.ok ? 'no-answer' : faultOf(proved.error));
      const { loginSecret } = await this.#account.keysOf(password);
      await this.settled();
      // Where this page dies before it has shown the code, the next one knows that there may be one.
      remember(CODE_OWED, 'yes');
      code = await this.#replaced({ wrappingKey, loginSecret }).catch(() => undefined);
      this.#backup.replaced();
      if (code) this.#owe(code);
      if (code !== undefined) await this.#account.usedWrappingKey();
    } finally {
      this.#isReplacing = false;
    }
    // What broke off goes on, or is taken back.
    const opened = await this.#opened();
    if (code !== undefined) return opened;
    this.#owed.update(owed => owed ?? { code: null });
    return err('no-answer');
  }

  /** @returns the recovery code */
  async #replaced(identity: Input<'makeIdentity'>): Promise<string | null> {
    // What the backup holds goes into the next one, from here.
    if (this.#state() === 'own') await this.#backup.readWhole();
    return this.ask('makeIdentity', identity);
  }

  /** After the server has taken a new password. */
  async passwordChanged(wrappingKey: CryptoKey): Promise<void> {
    if (this.#state() === 'own') await this.ask('changePassword', { wrappingKey });
  }

  /** A new recovery code, to be shown; the one before opens nothing from then on. */
  async newRecoveryCode(): Promise<string> {
    const code = await this.ask('newRecoveryCode', null);
    this.#owe(code);
    return code;
  }

  /** The person has written the recovery code down. */
  codeWritten(): void {
    forgetRemembered(CODE_OWED);
    this.#owed.set(null);
  }

  /** Before the server is asked to sign devices out: from then on nobody encrypts for them. */
  async removeDevices(ids: readonly DeviceId[]): Promise<void> {
    if (this.#state() === 'own') await this.ask('removeDevices', ids);
  }

  /** Without the keys of this device: its person signs in again, as another device of theirs. */
  async beginAgain(): Promise<void> {
    await this.#account.keysLost();
  }

  /** Somebody's identity was accepted, or something else has changed for what waits. */
  changed(): void {
    this.#came.next();
  }

  async #opened(): Promise<Result<null, UnlockFault>> {
    this.#isDoubtful = true;
    this.#look();
    await this.settled();
    if (this.#state() === 'own') return ok(null);
    if (this.#refusal === null) return err('no-answer');
    return err(this.#refusal === 'not-opened' ? 'other-password' : faultOfCode(this.#refusal));
  }

  async #try<T>(act: () => Promise<T>): Promise<T | 'no-answer'> {
    return act().catch(() => 'no-answer' as const);
  }

  /** What is fetched while something else is runs once more. */
  #look(): void {
    clearTimeout(this.#timer);
    this.#isDue = true;
    this.#running ??= this.#loop().finally(() => {
      this.#running = null;
      if (this.#state() === 'own') void this.#backup.run();
    });
  }

  async #loop(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      try {
        await this.#round();
        this.#failures = 0;
      } catch (error) {
        if (error instanceof StoreClosed && this.#isOver(error)) return;
        // Tried again by itself, and at once with the next welcome.
        const ms = Math.min(AGAIN_MOST_MS, AGAIN_MS * 2 ** this.#failures++);
        this.#timer = setTimeout(() => this.#signaling.status().is === 'live' && this.#look(), ms);
      }
    }
  }

  /** @returns whether there is nothing to be tried again */
  #isOver({ fault }: StoreClosed): boolean {
    if (fault === 'lost') void this.beginAgain();
    else if (this.#failures >= CLOSED_TRIES - 1) {
      this.#isDoubtful = true;
      this.#state.set('closed');
    }
    return fault === 'lost';
  }

  async #round(): Promise<void> {
    if (this.#isDoubtful) await this.#stand();
    const { events, standing } = await this.ask('catchUp', null);
    // Another device has changed what this one is.
    if (standing !== this.#state()) await this.#stand();
    if (events.length > 0) this.#events.next(events);
    this.#came.next();
    // Behind all else: where it fails it is tried again, and nothing waits for it.
    if (this.#state() === 'own') await this.#account.strikeReplaced(id => this.removeDevices([id]));
  }

  /** Until the server answers, this device is what it was when that answered last: what it holds is read offline too. */
  async #standOffline(): Promise<void> {
    if (this.#state() !== 'unknown') return;
    const standing = await this.ask('knownStanding', null);
    if (standing === 'lost' || !opens(standing)) return;
    const plain = await this.ask('plainUpTo', null);
    if (this.#state() !== 'unknown') return;
    this.#plain.set(plain);
    this.#state.set(standing);
    this.#came.next();
  }

  /** Finds out what this device is of its person, and does what makes it one of theirs, as far as that needs no question. */
  async #stand(): Promise<void> {
    let standing = await this.ask('standing', null);
    const wrappingKey = this.#account.wrappingKey();
    if (wrappingKey && !this.#isReplacing && standing !== 'lost') {
      await this.#join(wrappingKey, standing === 'none');
      standing = await this.ask('standing', null);
    }
    if (standing === 'lost') throw new StoreClosed('lost');
    this.#isDoubtful = false;
    this.#plain.set(standing === 'none' ? 'everywhere' : await this.ask('plainUpTo', null));
    this.#state.set(standing);
  }

  async #join(wrappingKey: CryptoKey, isNew: boolean): Promise<void> {
    // Where this page dies before it has shown the code, the next one knows that there is one.
    if (isNew) remember(CODE_OWED, 'yes');
    const joined = await this.ask('join', { wrappingKey });
    this.#refusal = joined.ok ? null : joined.error;
    if (!joined.ok) return;
    if (joined.value !== null) this.#owe(joined.value);
    else if (isNew) forgetRemembered(CODE_OWED);
    await this.#account.usedWrappingKey();
  }

  #owe(code: string): void {
    remember(CODE_OWED, 'yes');
    this.#owed.set({ code });
  }

  /** This device is signed out: from then on nobody encrypts for it. */
  async #farewell(): Promise<void> {
    await this.removeDevices([this.#account.address().deviceId]);
  }
}
