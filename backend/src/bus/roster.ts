import type { DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { DeviceHere } from './bus-messages.ts';

type Page = { readonly visible: boolean; readonly hiddenAt: number };
type Elsewhere = { readonly deviceId: DeviceId; readonly process: string; readonly live: boolean } & Page;

/** Which devices have a session on which other process, as those told. Holds nothing of this process's own. */
export class Roster {
  readonly #byUser = new Map<UserId, Elsewhere[]>();
  readonly #byProcess = new Map<string, Set<UserId>>();

  /** The processes that were heard of. */
  processes(): string[] {
    return [...this.#byProcess.keys()];
  }

  /** All sessions of this user on this process are these. `now` on this process's own clock, ms. */
  here(process: string, userId: UserId, devices: readonly DeviceHere[], now: number): void {
    const others = (this.#byUser.get(userId) ?? []).filter(device => device.process !== process);
    const told = devices.map(({ deviceId, live, visible, hiddenMs }) => {
      return { deviceId, process, live, visible, hiddenAt: hiddenMs === null ? -Infinity : now - hiddenMs };
    });
    const all = [...others, ...told];
    if (all.length > 0) this.#byUser.set(userId, all);
    else this.#byUser.delete(userId);
    if (told.length > 0) this.known(process).add(userId);
    else this.#byProcess.get(process)?.delete(userId);
  }

  /** Makes a process known, of which nothing else may be known; answers with its users. */
  known(process: string): Set<UserId> {
    const users = this.#byProcess.get(process) ?? new Set();
    this.#byProcess.set(process, users);
    return users;
  }

  /** Forgets a process; answers with those whose sessions it had. */
  gone(process: string): DeviceAddress[] {
    const seats: DeviceAddress[] = [];
    for (const userId of [...(this.#byProcess.get(process) ?? [])]) {
      for (const device of this.#byUser.get(userId) ?? []) {
        if (device.process === process) seats.push({ userId, deviceId: device.deviceId });
      }
      this.here(process, userId, [], 0);
    }
    this.#byProcess.delete(process);
    return seats;
  }

  devices(userId: UserId): DeviceId[] {
    return (this.#byUser.get(userId) ?? []).map(({ deviceId }) => deviceId);
  }

  /** The pages behind this user's live sockets. */
  pages(userId: UserId): Page[] {
    return (this.#byUser.get(userId) ?? []).filter(({ live }) => live);
  }

  /** Whether this device has a live socket elsewhere. */
  isLive(userId: UserId, deviceId: DeviceId): boolean {
    return (this.#byUser.get(userId) ?? []).some(device => device.deviceId === deviceId && device.live);
  }

  /** Whether this device has a session on another process than this one. */
  isBeside({ userId, deviceId }: DeviceAddress, process: string): boolean {
    return (this.#byUser.get(userId) ?? []).some(one => one.deviceId === deviceId && one.process !== process);
  }
}
