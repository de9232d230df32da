import { randomUUID } from 'node:crypto';
import type { ConversationId, DeviceId, UserId } from '#protocol/ids';
import type { RelationChange } from '../events/event.ts';
import type { Store } from '../store/store.ts';
import { newId } from './new-id.ts';

/** Somebody's device, with a fresh token whenever it is asked for. */
export type TestDevice = { userId: UserId; deviceId: DeviceId; token(): string };

/** What the live side is told when two who may see each other part, by a block or a removal, or when they may again. */
export const relationChange = (
  by: TestDevice,
  other: TestDevice,
  what: 'met' | 'removed' | 'blocked',
): RelationChange => ({
  by: by.userId,
  other: other.userId,
  saw: what !== 'met',
  sees: what === 'met',
  blocked: what === 'blocked',
});

export type PeopleDeps = {
  store: () => Store;
  now: () => number;
  /** `family`: when the device signed in, ms since the epoch. */
  token: (userId: UserId, deviceId: DeviceId, family: number) => string;
};

/** Makes people in a store, past everything that signing up takes. */
export class People {
  readonly #deps: PeopleDeps;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
  }

  async person(username: string): Promise<TestDevice> {
    const userId = newId<UserId>();
    const user = { id: userId, username, displayName: username, passwordHash: 'x', role: 'user' as const };
    const device = this.#newDevice(userId);
    await this.#deps.store().createUser({ ...user, at: this.#deps.now() }, device);
    return this.#device(device);
  }

  async otherDevice({ userId }: TestDevice): Promise<TestDevice> {
    const device = this.#newDevice(userId);
    await this.#deps.store().signInDevice(device);
    return this.#device(device);
  }

  /** Makes two people contacts; answers with their conversation. */
  async befriend(a: TestDevice, b: TestDevice): Promise<ConversationId> {
    const [store, at] = [this.#deps.store(), this.#deps.now()];
    await store.requestContact(a.userId, b.userId, at);
    await store.acceptContact(b.userId, a.userId, at);
    const id = (await store.contact(a.userId, b.userId))?.conversationId;
    if (!id) throw new Error('no conversation');
    return id;
  }

  #newDevice(userId: UserId) {
    const id = newId<DeviceId>();
    return { id, userId, name: 'Spec', secretHash: 'x', tokenHash: randomUUID(), at: this.#deps.now() };
  }

  #device({ id, userId, at }: { id: DeviceId; userId: UserId; at: number }): TestDevice {
    return { userId, deviceId: id, token: () => this.#deps.token(userId, id, at) };
  }
}
