import { signal } from '@angular/core';
import { recoveryCode } from '#protocol/crypto/recovery-code';
import { ok, type Result } from '#protocol/result';
import { type KeyState } from '../own-keys';
import { type UnlockFault } from '../unlock-fault';
import { KeysDouble, provideKeys } from './keys-double';

export const A_CODE = recoveryCode(Uint8Array.from({ length: 16 }, (_, i) => i * 7 + 3));

/** The keys of a device as a spec says that they are; what a person does with them is noted. */
export class ScriptedKeys extends KeysDouble {
  override readonly state = signal<KeyState>('unknown');
  readonly asked: string[] = [];
  /** What an attempt to open them comes to. */
  answer: Result<null, UnlockFault> = ok(null);
  makesCodes = true;

  readonly provider = provideKeys(this);

  unlock(password: string) {
    return this.#try(`unlock by ${password}`);
  }
  recover(code: string) {
    return this.#try(`recover by ${code}`);
  }
  approved(secret: string, box: string) {
    return this.#try(`approved by ${secret} with ${box}`);
  }
  startNew(password: string) {
    return this.#try(`start new by ${password}`);
  }
  async newRecoveryCode(): Promise<string> {
    this.asked.push('new code');
    if (!this.makesCodes) throw new Error('no answer');
    this.owedCode.set({ code: A_CODE });
    return A_CODE;
  }
  async beginAgain(): Promise<void> {
    this.asked.push('begin again');
  }
  codeWritten(): void {
    this.asked.push('written');
    this.owedCode.set(null);
  }

  async #try(what: string): Promise<Result<null, UnlockFault>> {
    this.asked.push(what);
    if (this.answer.ok) this.state.set('own');
    return this.answer;
  }
}
