import { approveDevice, codeOfDevice } from './approval.ts';
import { codeOf } from './call-code.ts';
import { type Port, Calls } from './calls.ts';
import { type AskedAnswer, type MachineVerbs, type PageVerbs } from './contract.ts';
import { Dehydrated } from './dehydrated.ts';
import { Entries } from './entries.ts';
import { EntryFields } from './entry-fields.ts';
import { Events } from './events.ts';
import { takeMachine, type Held } from './hand-over.ts';
import { changeDevices, queryOwn, standing, type Standing } from './identity.ts';
import { KeptBackup } from './kept-backup.ts';
import { Refused, type KeyServer } from './key-server.ts';
import { Olm } from './olm.ts';
import { OwnSecrets } from './own-secrets.ts';
import { StoreClosed, type StoreFault } from './store-fault.ts';
import { acceptIdentity, trustIn } from './trust.ts';
import { identities, verify } from './verify.ts';

interface Open {
  readonly olm: Olm;
  readonly entries: Entries;
  readonly fields: EntryFields;
  readonly events: Events;
  readonly secrets: OwnSecrets;
  readonly backup: KeptBackup;
  readonly dehydrated: Dehydrated;
  readonly held: Held;
}

type Input<V extends keyof MachineVerbs> = Parameters<MachineVerbs[V]>[0];

const HELD_BY_NOBODY_ELSE: Held = { wanted: new Promise(() => undefined), release: () => undefined };

/** The worker's end of the port: the machine of one profile, opened by the first verb. */
export class Machine implements MachineVerbs {
  readonly #calls: Calls;
  readonly #load: (wasm: string) => Promise<void>;
  #open: Open | undefined;
  /** Verbs that use the open machine: they end before it is closed. */
  readonly #running = new Set<Promise<unknown>>();

  /** @param load the wasm of the library, by its address */
  constructor(port: Port, load: (wasm: string) => Promise<void>) {
    this.#load = load;
    this.#calls = new Calls(port, (verb, input) => this.#answer(verb, input));
  }

  async open({ own, storeName, storeKey, wasm }: Input<'open'>): Promise<StoreFault | null> {
    let isTold = false;
    const waits = () => {
      this.#calls.alive();
      if (!isTold) this.#tell('waiting', null);
      isTold = true;
    };
    // A machine in memory is this tab's own: no other tab can open it.
    const held = storeName === null ? HELD_BY_NOBODY_ELSE : await takeMachine(storeName, waits);
    try {
      await this.#load(wasm);
      const now = () => Date.now();
      const noticed = (...[userId, refusal]: Parameters<Olm['options']['noticed']>) =>
        this.#tell('noticed', { userId, refusal });
      const olm = await Olm.open({ own, storeName, storeKey, server: this.#server(), now, noticed });
      const secrets = new OwnSecrets(olm);
      const backup = new KeptBackup(olm, secrets);
      this.#open = {
        olm,
        entries: new Entries(olm),
        fields: new EntryFields(olm),
        events: new Events(olm),
        secrets,
        backup,
        dehydrated: new Dehydrated(olm, secrets, backup),
        held,
      };
    } catch (error) {
      held.release();
      if (error instanceof StoreClosed) return error.fault;
      throw error;
    }
    void held.wanted.then(async () => {
      await this.close();
      this.#tell('handedOver', null);
    });
    return null;
  }

  async close(): Promise<null> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return null;
    try {
      await Promise.allSettled(this.#running);
      await open.olm.close();
    } finally {
      open.held.release();
    }
    return null;
  }

  async catchUp(): ReturnType<MachineVerbs['catchUp']> {
    const { olm, events, secrets } = this.#here;
    try {
      await secrets.finish();
      const { events: arrived, refused } = await events.catchUp();
      return { events: arrived, refused, standing: await standing(olm) };
    } catch (error) {
      if (!olm.isLost) throw error;
      return { events: [], refused: [], standing: 'lost' };
    }
  }

  readyFor = (input: Input<'readyFor'>) => this.#here.events.readyFor(input);
  sealFor = ({ to, type, content }: Input<'sealFor'>) => this.#here.events.sealFor(to, type, content);
  send = ({ to, type, content }: Input<'send'>) => this.#here.events.send(to, type, content);
  sendToAll = ({ userId, type, content }: Input<'sendToAll'>) => this.#here.events.sendToAll(userId, type, content);
  openFrom = ({ sender, sealed }: Input<'openFrom'>) => this.#here.events.openFrom(sender, sealed);
  codeOf = (call: Input<'codeOf'>) => codeOf(this.#here.olm, call);
  trustIn = (userId: Input<'trustIn'>) => trustIn(this.#here.olm, userId);
  identities = (userId: Input<'identities'>) => identities(this.#here.olm, userId);
  verify = (compared: Input<'verify'>) => verify(this.#here.olm, this.#here.events, compared);
  join = ({ wrappingKey }: Input<'join'>) => this.#here.secrets.join(wrappingKey);
  makeIdentity = (input: Input<'makeIdentity'>) => this.#here.secrets.make(input);
  openSecrets = (opening: Input<'openSecrets'>) => this.#here.secrets.open(opening);
  async plainUpTo(): ReturnType<MachineVerbs['plainUpTo']> {
    const kept = await this.#here.secrets.kept();
    return kept && (kept.secrets.plainUpTo ?? {});
  }
  deviceCode = async () => codeOfDevice(this.#here.olm);
  approveDevice(code: Input<'approveDevice'>): ReturnType<MachineVerbs['approveDevice']> {
    const { olm, secrets, events } = this.#here;
    return approveDevice(olm, secrets, events, code);
  }
  newRecoveryCode = () => this.#here.secrets.newRecoveryCode();
  backUp = () => this.#here.backup.backUp();
  restore = () => this.#here.backup.restore();
  tendDehydrated = () => this.#here.dehydrated.tend();
  removeDevices = (ids: Input<'removeDevices'>) =>
    changeDevices(this.#here.olm, devices => devices.filter(id => !ids.includes(id)));

  knownStanding = () => standing(this.#here.olm);

  async standing(): Promise<Standing> {
    await queryOwn(this.#here.olm);
    return standing(this.#here.olm);
  }

  async changePassword({ wrappingKey }: Input<'changePassword'>): Promise<null> {
    await this.#here.secrets.wrapFor(wrappingKey);
    return null;
  }

  async seal({ conversationId, members, id, time, content }: Input<'seal'>): ReturnType<MachineVerbs['seal']> {
    const { entries, fields } = this.#here;
    return entries.seal(conversationId, members, await fields.of(conversationId, id, time), content);
  }

  async read(entry: Input<'read'>): ReturnType<MachineVerbs['read']> {
    const { entries, fields } = this.#here;
    const read = await entries.open(entry);
    if (read.ok) await fields.heard(entry, read.value.envelope.counter);
    return read;
  }

  async giveUp({ conversationId, id }: Input<'giveUp'>): Promise<null> {
    await this.#here.fields.giveUp(conversationId, id);
    return null;
  }

  async countAnew(ids: Input<'countAnew'>): Promise<null> {
    for (const id of ids) await this.#here.fields.countAnew(id);
    return null;
  }

  async forgetEvents(upTo: Input<'forgetEvents'>): Promise<null> {
    await this.#here.events.forget(upTo);
    return null;
  }

  async follow(people: Input<'follow'>): Promise<null> {
    await this.#here.olm.follow(people);
    return null;
  }

  async acceptIdentity(userId: Input<'acceptIdentity'>): Promise<null> {
    await acceptIdentity(this.#here.olm, userId);
    return null;
  }

  get #here(): Open {
    if (!this.#open) throw new Error('the machine is not open');
    return this.#open;
  }

  #server(): KeyServer {
    return {
      ask: async (method, path, body) => {
        const answer = (await this.#calls.call('ask', { method, path, body })) as AskedAnswer;
        if ('refused' in answer) throw new Refused(answer.refused);
        return answer.value;
      },
    };
  }

  /** Says something to the page; that it could not be told changes nothing here. */
  #tell<V extends Exclude<keyof PageVerbs, 'ask'>>(verb: V, input: Parameters<PageVerbs[V]>[0]): void {
    this.#calls.call(verb, input).catch(() => undefined);
  }

  /** The page is ours: what it passes has the shape of its verb. */
  async #answer(verb: string, input: unknown): Promise<unknown> {
    const verbs: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
      open: (it: Input<'open'>) => this.open(it),
      close: () => this.close(),
      catchUp: () => this.catchUp(),
      forgetEvents: (it: Input<'forgetEvents'>) => this.forgetEvents(it),
      seal: (it: Input<'seal'>) => this.seal(it),
      read: (it: Input<'read'>) => this.read(it),
      giveUp: (it: Input<'giveUp'>) => this.giveUp(it),
      countAnew: (it: Input<'countAnew'>) => this.countAnew(it),
      readyFor: this.readyFor,
      sealFor: this.sealFor,
      openFrom: this.openFrom,
      send: this.send,
      sendToAll: this.sendToAll,
      codeOf: this.codeOf,
      follow: (it: Input<'follow'>) => this.follow(it),
      trustIn: this.trustIn,
      identities: this.identities,
      verify: this.verify,
      acceptIdentity: (it: Input<'acceptIdentity'>) => this.acceptIdentity(it),
      join: this.join,
      makeIdentity: this.makeIdentity,
      openSecrets: this.openSecrets,
      plainUpTo: () => this.plainUpTo(),
      standing: () => this.standing(),
      knownStanding: this.knownStanding,
      changePassword: (it: Input<'changePassword'>) => this.changePassword(it),
      deviceCode: this.deviceCode,
      approveDevice: (it: Input<'approveDevice'>) => this.approveDevice(it),
      newRecoveryCode: this.newRecoveryCode,
      tendDehydrated: this.tendDehydrated,
      removeDevices: this.removeDevices,
      backUp: this.backUp,
      restore: this.restore,
    };
    const act = verbs[verb];
    if (!act) throw new Error(`the machine has no verb ${verb}`);
    const running = act(input as never);
    if (verb !== 'open' && verb !== 'close') {
      this.#running.add(running);
      const over = () => this.#running.delete(running);
      running.then(over, over);
    }
    return running;
  }
}
