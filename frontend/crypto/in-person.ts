import { SCANNED_TYPE, scannedEvent, type ScannedEvent } from '#protocol/crypto/comparing';
import { type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { ArrivedEvent } from './arrived.ts';
import type { MachineVerbs } from './contract.ts';
import { judgeVerifyCode, newSecret, verifyCode, type CodeRefusal, type VerifyCode } from './verify-code.ts';
import type { VerifyRefusal } from './verify.ts';

/** What comparing asks of the machine. */
export type Comparing = Pick<MachineVerbs, 'identities' | 'verify' | 'sendToAll'>;

/**
 * Two people verify each other in person: each device shows a code, and one scans the other's. The secret of the shown code is valid
 * until `forget`, or until this object is dropped.
 */
export class InPerson {
  readonly #machine: Comparing;
  readonly #me: UserId;
  readonly #them: UserId;
  #shown: VerifyCode | null = null;

  /** @param them who is meant */
  constructor(machine: Comparing, me: UserId, them: UserId) {
    this.#machine = machine;
    this.#me = me;
    this.#them = them;
  }

  /** The text of the code. Asked again after keys have changed: it has another secret where one of the identities is another. */
  async code(): Promise<Result<string, 'not-own' | 'no-identity'>> {
    const { own, theirs } = await this.#machine.identities(this.#them);
    if (own === null || theirs === null) {
      this.#shown = null;
      return err(own === null ? 'not-own' : 'no-identity');
    }
    if (this.#shown?.own !== own || this.#shown.theirs !== theirs) {
      this.#shown = { userId: this.#me, own, theirs, secret: newSecret() };
    }
    return ok(verifyCode(this.#shown));
  }

  /** What their screen has shown to this device's camera. Where it is right, they are verified here, and their devices hear of it. */
  async scanned(text: string): Promise<Result<null, CodeRefusal | VerifyRefusal>> {
    const both = await this.#machine.identities(this.#them);
    const judged = judgeVerifyCode(text, { me: this.#me, userId: this.#them, ...both });
    if (!judged.ok) return judged;
    const { own: masterKey, secret } = judged.value;
    const verified = await this.#machine.verify({ userId: this.#them, masterKey, mayBeNew: true });
    if (!verified.ok) return verified;
    const content: ScannedEvent = { version: 1, secret };
    // Where they do not hear of it, they scan the code of this device.
    await this.#machine.sendToAll({ userId: this.#them, type: SCANNED_TYPE, content }).catch(() => undefined);
    return verified;
  }

  /**
   * What another device has sent. Who says the secret of the code has seen it, and has found in it their own key as this device has it.
   * @returns null: it is nothing to this code
   */
  async heard({ from, type, content }: ArrivedEvent): Promise<Result<null, VerifyRefusal> | null> {
    const shown = this.#shown;
    if (type !== SCANNED_TYPE || from.userId !== this.#them || !shown) return null;
    if (scannedEvent.safeParse(content).data?.secret !== shown.secret) return null;
    return this.#machine.verify({ userId: this.#them, masterKey: shown.theirs, mayBeNew: true });
  }

  /** Makes the secret of the shown code invalid: an event that carries it verifies nobody. */
  forget(): void {
    this.#shown = null;
  }
}
