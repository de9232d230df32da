import { randomUUID } from 'node:crypto';
import type { ConversationId, DeviceId, UserId } from '#protocol/ids';
import type { RelationChange } from '../delivery.ts';
import type { Store } from '../store/store.ts';

/** Somebody's device, with a fresh token whenever it is asked for. */
export type TestDevice = { userId: UserId; deviceId: DeviceId; token(): string };

/** What the live side is told when two who may see each other part, by a block or a removal, or when they may again. */
export const relationChange = (
  by: TestDevice,
  other: TestDevice,
  what: 'met' | 'removed' | 'blocked',
): RelationChange => ({
  ...{ by: by.userId, other: other.userId },
  ...{ saw: what !== 'met', sees: what === 'met', blocked: what === 'blocked' },
});

export type PeopleDeps = {
  store: () => Store;
  now: () => number;
  token: (userId: UserId, deviceId: DeviceId) => string;
};

/** Makes people in a store, past everything that signing up takes. */
export class People {
  readonly #deps: PeopleDeps;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
  }

  async person(username: string): Promise<TestDevice> {
    const [userId, deviceId] = [randomUUID(), randomUUID()];
    const user = { id: userId, username, displayName: username, passwordHash: 'x', role: 'user' as const };
    await this.#deps.store().createUser({ ...user, at: this.#deps.now() }, this.#newDevice(userId, deviceId));
    return this.#device(userId, deviceId);
  }

  async otherDevice({ userId }: TestDevice): Promise<TestDevice> {
    const deviceId = randomUUID();
    await this.#deps.store().signInDevice(this.#newDevice(userId, deviceId));
    return this.#device(userId, deviceId);
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

  #newDevice(userId: UserId, id: DeviceId) {
    return { id, userId, name: 'Spec', secretHash: 'x', tokenHash: randomUUID(), at: this.#deps.now() };
  }

  #device(userId: UserId, deviceId: DeviceId): TestDevice {
    return { userId, deviceId, token: () => this.#deps.token(userId, deviceId) };
  }
}
