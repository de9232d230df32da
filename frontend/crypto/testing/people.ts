import 'fake-indexeddb/auto';
import { initAsync, LoggerLevel, Tracing } from '@matrix-org/matrix-sdk-crypto-wasm';
import { type ListRefusal } from '#protocol/crypto/device-list';
import { type EnvelopeFields } from '#protocol/crypto/envelope';
import { type Message } from '#protocol/chat-frames';
import { type Content } from '#protocol/content/kinds';
import { type ConversationId, type DeviceAddress, type MessageId, type UserId } from '#protocol/ids';
import { Entries } from '../entries.ts';
import { type Caught } from '../arrived.ts';
import { Events } from '../events.ts';
import { adoptIdentity, identityKeys, makeIdentity } from '../identity.ts';
import { Dehydrated } from '../dehydrated.ts';
import { KeptBackup } from '../kept-backup.ts';
import { Olm } from '../olm.ts';
import { OwnSecrets } from '../own-secrets.ts';
import { type ServerDouble } from './server-double.ts';

let lastId = 0;
/** A UUID that no other call gives. */
export const newId = <Id extends string>(): Id =>
  `${(++lastId).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000` as Id;

/** Time as the machines see it, ms since the epoch. */
export const clock = { now: Date.now() };

let isLoaded: Promise<void> | undefined;
export const loaded = (): Promise<void> =>
  (isLoaded ??= initAsync().then(() => {
    if (Tracing.isAvailable()) new Tracing(LoggerLevel.Error).turnOff();
  }));

/** What an author says around a content. */
export const fieldsOf = (conversationId: ConversationId, author: DeviceAddress, counter: number): EnvelopeFields => ({
  conversationId,
  author,
  id: newId<MessageId>(),
  time: clock.now,
  counter,
  seen: { upTo: 0, count: 0, hash: 'A'.repeat(43) },
  devices: { number: 1, hash: 'A'.repeat(43) },
});

/** A device with its machine, and what an app does with it. */
export class TestDevice {
  readonly address: DeviceAddress;
  readonly storeName: string;
  readonly olm: Olm;
  readonly entries: Entries;
  readonly events: Events;
  readonly secrets: OwnSecrets;
  readonly backup: KeptBackup;
  readonly dehydrated: Dehydrated;
  readonly noticed: ListRefusal[];
  readonly server: ServerDouble;
  #counter = 0;

  private constructor(server: ServerDouble, storeName: string, olm: Olm, noticed: ListRefusal[]) {
    this.server = server;
    this.address = olm.own;
    this.storeName = storeName;
    this.olm = olm;
    this.noticed = noticed;
    this.entries = new Entries(olm);
    this.events = new Events(olm);
    this.secrets = new OwnSecrets(olm);
    this.backup = new KeptBackup(olm, this.secrets);
    this.dehydrated = new Dehydrated(olm, this.secrets, this.backup);
  }

  static async open(
    server: ServerDouble,
    own: DeviceAddress,
    storeName: string = `store-${newId()}`,
  ): Promise<TestDevice> {
    await loaded();
    const noticed: ListRefusal[] = [];
    const olm = await Olm.open({
      own,
      storeName,
      storeKey: new Uint8Array(32).fill(7),
      server: server.connect(own),
      now: () => clock.now,
      noticed: (_userId, refusal) => noticed.push(refusal),
    });
    return new TestDevice(server, storeName, olm, noticed);
  }

  catchUp(): Promise<Caught> {
    return this.events.catchUp();
  }

  /** Seals a text for these people. @returns the entry as the server would pass it on, or why it was not sealed */
  async write(
    conversationId: ConversationId,
    members: readonly UserId[],
    content: Content | string,
    change: Partial<EnvelopeFields> = {},
  ) {
    const fields: EnvelopeFields = { ...fieldsOf(conversationId, this.address, ++this.#counter), ...change };
    const { id } = fields;
    const said: Content = typeof content === 'string' ? { kind: 'text', body: content } : content;
    const sealed = await this.entries.seal(conversationId, members, fields, said);
    if (!sealed.ok) return sealed;
    const message: Message = {
      conversationId,
      seq: lastId,
      id,
      author: this.address,
      at: clock.now,
      counts: true,
      data: sealed.value,
    };
    return { ok: true as const, value: message };
  }

  /** @returns the text, or why it is not drawn */
  async read(message: Message): Promise<string> {
    const opened = await this.entries.open(message);
    if (!opened.ok) return opened.error;
    const { content } = opened.value;
    return content.kind === 'text' ? `“${content.body}”` : content.kind;
  }
}

/** A person with devices; the first makes the identity, the others adopt it. */
export async function person(server: ServerDouble, devices: number): Promise<TestDevice[]> {
  const userId = newId<UserId>();
  const made: TestDevice[] = [];
  for (let i = 0; i < devices; i++) made.push(await anotherDevice(server, userId, made[0]));
  return made;
}

/** A device of this person, with the identity of `first`; without it, it makes one. */
export async function anotherDevice(server: ServerDouble, userId: UserId, first?: TestDevice): Promise<TestDevice> {
  const device = await TestDevice.open(server, { userId, deviceId: newId() });
  const keys = first && (await identityKeys(first.olm));
  if (keys) await adoptIdentity(device.olm, keys);
  else await makeIdentity(device.olm);
  return device;
}
