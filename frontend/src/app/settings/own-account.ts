import { inject, Service } from '@angular/core';
import { AVATAR_BYTES, type Device, me, type Settings } from '#protocol/api/account';
import { type DeviceId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { Account } from '../account/account';
import { Api } from '../account/api';
import { listDevices } from '../account/device-list';
import type { Failure } from '../account/fetch-json';
import { OwnKeys } from '../crypto/own-keys';

/** The longest side of a stored picture in pixels: sharp at the largest size it is ever drawn. */
const AVATAR_SIDE = 512;

/** What a person may change about their own account. Whatever the server agrees to is shown at once. */
@Service()
export class OwnAccount {
  readonly #api = inject(Api);
  readonly #account = inject(Account);
  readonly #keys = inject(OwnKeys);

  rename(displayName: string): Promise<Result<void, Failure>> {
    return this.#change('PATCH', '/api/me', { displayName });
  }

  settings(settings: Settings): Promise<Result<void, Failure>> {
    return this.#change('PUT', '/api/me/settings', settings);
  }

  /** @returns `unusable` where the file is no picture that this browser can draw, or cannot be made small enough */
  async picture(file: Blob): Promise<Result<void, Failure | 'unusable'>> {
    const small = await square(file);
    return small ? this.#change('PUT', '/api/me/avatar', small) : err('unusable');
  }

  removePicture(): Promise<Result<void, Failure>> {
    return this.#change('DELETE', '/api/me/avatar');
  }

  async changePassword(current: string, next: string): Promise<Result<void, Failure>> {
    const { loginSecret: currentSecret } = await this.#account.keysOf(current);
    const { loginSecret: newSecret, wrappingKey } = await this.#account.keysOf(next);
    const changed = await this.#api.request('POST', '/api/auth/password', { body: { currentSecret, newSecret } });
    // What could not be locked with it now is locked once the server answers: from here on this device has what it needs for that.
    if (changed.ok) await this.#keys.passwordChanged(wrappingKey).catch(() => this.#account.prove(next));
    return changed;
  }

  /** Deletes the account, and then everything this device has of it. */
  async delete(password: string): Promise<Result<void, Failure>> {
    const { loginSecret } = await this.#account.keysOf(password);
    return this.#account.leaveBy(() => this.#api.request('DELETE', '/api/me', { body: { loginSecret } }));
  }

  devices(): Promise<Result<readonly Device[], Failure>> {
    return listDevices(this.#api);
  }

  removeDevice(id: DeviceId): Promise<Result<void, Failure>> {
    return this.#api.request('DELETE', `/api/devices/${id}`);
  }

  signOutOthers(): Promise<Result<void, Failure>> {
    return this.#api.request('POST', '/api/devices/sign-out-others');
  }

  async #change(method: 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Result<void, Failure>> {
    const now = await this.#api.request(method, path, { body, answer: me });
    if (now.ok) await this.#account.changed(now.value);
    return now.ok ? ok(undefined) : now;
  }
}

/** The middle of a picture as a square WebP (JPEG where a browser cannot write WebP) below the server's limit. */
async function square(file: Blob): Promise<Blob | undefined> {
  const image = await createImageBitmap(file).catch(() => undefined);
  if (!image) return undefined;
  const side = Math.min(image.width, image.height);
  const size = Math.min(side, AVATAR_SIDE);
  const canvas = new OffscreenCanvas(size, size);
  const left = (image.width - side) / 2;
  canvas.getContext('2d')?.drawImage(image, left, (image.height - side) / 2, side, side, 0, 0, size, size);
  image.close();
  for (const quality of [0.85, 0.6, 0.4]) {
    const webp = await canvas.convertToBlob({ type: 'image/webp', quality });
    const blob = webp.type === 'image/webp' ? webp : await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (blob.size <= AVATAR_BYTES) return blob;
  }
  return undefined;
}
