import type { APIRequestContext, BrowserContext, Page } from 'playwright-core';
import type { InstallationInfo, SignedIn } from '#protocol/api/account';
import { passwordKeys } from '../src/app/account/login-secret.ts';

/** The session of a device, and the installation that let it in. */
export interface Session extends SignedIn {
  readonly installation: InstallationInfo;
  /** Comes from the password: with it the app makes the person's identity, or opens their secrets. 32 bytes. */
  readonly wrappingKey: readonly number[];
}

/** How the app names this device. */
const DEVICE_NAME = 'Computer, Chrome';

/**
 * Sends a request as the app would.
 * @param token access token, where the path needs one
 * @throws where the server refuses it
 */
async function post<T>(request: APIRequestContext, url: URL, data: object, token?: string): Promise<T> {
  const answer = await request.post(url.href, {
    data,
    headers: {
      origin: url.origin,
      'sec-fetch-site': 'same-origin',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`POST ${url.pathname}: ${answer.status()} ${text}`);
  return JSON.parse(text) as T;
}

/**
 * Registers an account, or signs in, without the form and without a page. The cookie of the session is in `context` then.
 * @param displayName of the account to be made; without it the account is there already
 */
export async function openSession(
  { request }: BrowserContext,
  origin: string,
  { username, password, displayName }: { username: string; password: string; displayName?: string },
): Promise<Session> {
  const about = await request.get(`${origin}/api/installation`);
  const installation = (await about.json()) as InstallationInfo;
  const path = displayName === undefined ? '/api/auth/login' : '/api/auth/register';
  const { loginSecret, wrappingKey } = await passwordKeys(password, username, installation.id, true);
  const signedIn = await post<SignedIn>(request, new URL(path, origin), {
    username,
    deviceName: DEVICE_NAME,
    ...(displayName === undefined ? {} : { displayName }),
    loginSecret,
  });
  return {
    ...signedIn,
    installation,
    wrappingKey: [...new Uint8Array(await crypto.subtle.exportKey('raw', wrappingKey))],
  };
}

/**
 * Lets the app find the session at its first load in this browser profile, as after a reload: the row that
 * frontend/src/app/account/identity.ts keeps. It is written in the upgrade of the database, so before the app can read it, and
 * never again: a person who signs out stays signed out. The upgrade is kept open until the key is imported.
 */
export async function keepSession(page: Page, origin: string, session: Session): Promise<void> {
  const { installation, deviceId, deviceSecret, me, wrappingKey } = session;
  const row = { installationId: installation.id, epoch: installation.epoch, deviceId, deviceSecret, me };
  await page.addInitScript(
    given => {
      if (location.origin !== given.origin) return;
      let key: CryptoKey | undefined;
      const bytes = new Uint8Array(given.wrappingKey);
      void crypto.subtle
        .importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
        .then(imported => (key = imported));
      const opening = indexedDB.open('parley', 1);
      opening.onupgradeneeded = () => {
        const store = opening.result.createObjectStore('identity');
        const write = (): void => {
          if (key) store.put({ ...given.row, wrappingKey: key }, 'last');
          else store.count().onsuccess = write;
        };
        write();
      };
      opening.onsuccess = () => opening.result.close();
    },
    { origin, row, wrappingKey },
  );
}

/** Makes two accounts contacts: to ask a person who has asked is to accept. */
export async function makeContacts(
  { request }: BrowserContext,
  origin: string,
  { one, other }: Record<'one' | 'other', Session>,
): Promise<void> {
  const path = new URL('/api/contacts', origin);
  await post(request, path, { userId: other.me.id }, one.accessToken);
  await post(request, path, { userId: one.me.id }, other.accessToken);
}
