import { inject, Service } from '@angular/core';
import { type DeviceId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { Account } from '../account/account';
import type { Failure } from '../account/fetch-json';
import { isWrongPassword } from '../account/wrong-password';
import { OwnKeys } from '../crypto/own-keys';
import { ShuttingOut } from '../crypto/shutting-out';
import { OwnAccount } from './own-account';
import { OwnDevices } from './own-devices';

/** `half`: the new password counts, and the new keys are not there yet. */
export type ShutOutFault = Failure | 'half';

/**
 * Shuts a lost device out, or whoever knows the password: another password, which ends the sessions of all other devices, then
 * another identity with everything that hangs on it. Each step can be asked for again, also by another page.
 */
@Service()
export class ShutOut {
  readonly #account = inject(Account);
  readonly #own = inject(OwnAccount);
  readonly #keys = inject(OwnKeys);
  readonly #devices = inject(OwnDevices);
  readonly #begun = inject(ShuttingOut);

  /** @param lost null: no certain device */
  async run(current: string, next: string, lost: DeviceId | null): Promise<Result<null, ShutOutFault>> {
    const isAgain = this.#begun.replaces() !== null;
    if ((await this.#begun.begin().catch(() => null)) === null) return err({ kind: 'unreachable' });
    const changed = await this.#change(current, next, isAgain);
    if (!changed.ok) {
      // The server has refused: nothing has begun.
      if (!isAgain && changed.error.kind === 'problem') this.#begun.over();
      return changed;
    }
    // The list of the new identity does not name it either: this is for the moment until then.
    if (lost) await this.#keys.removeDevices([lost]).catch(() => undefined);
    await this.#keys.startNew(next).catch(() => undefined);
    void this.#devices.look();
    return (await this.#begun.isDone().catch(() => false)) ? ok(null) : err('half');
  }

  async #change(current: string, next: string, isAgain: boolean): Promise<Result<void, Failure>> {
    const changed = await this.#own.changePassword(current, next);
    if (!isAgain || changed.ok || !isWrongPassword(changed.error)) return changed;
    // An attempt before may have reached the server.
    const proved = await this.#account.prove(next);
    return proved.ok ? proved : changed;
  }
}
