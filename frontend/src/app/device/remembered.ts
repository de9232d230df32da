/**
 * Every key this origin keeps in localStorage, and to whom it belongs: what is a person's goes with them, what is the device's
 * stays for whoever uses it next. ESLint lets nothing but this file touch localStorage and sessionStorage.
 */
export const OF_DEVICE = [
  'parley.language',
  'parley.scheme',
  /** The installation card was dismissed. */
  'parley.install',
  /** The browser was asked to keep our storage. */
  'parley.storage',
  /** Chosen microphone, camera and speaker. */
  'parley.devices',
  /** How calls are made here: what is done to sound and picture. */
  'parley.call',
  /** A video call was made here: the ready check comes by itself once. */
  'parley.ready',
  /** Whether calls hide addresses: a call before the first answer must not tell what it would have hidden. */
  'parley.relay-only',
  /** Other addresses of this server. */
  'parley.origins',
] as const;

/** Only named: whatever is not the device's goes with the person, and the first download need not say so. */
type OfPerson =
  /** When this device is to be silent: do not disturb. */
  | 'parley.quiet'
  /** A recovery code was made here, and the person has not said that it is written down. */
  | 'parley.code-owed'
  /** The public master key that is to be replaced, because a device was lost. */
  | 'parley.shut-out'
  /** What the machine of end-to-end encryption was not told yet. */
  | 'parley.untold'
  /** Links for guests that were made here, with their secrets. */
  | 'parley.guest-links'
  /** The question whether to be told of messages was declined. */
  | 'parley.notices'
  /** There may be a recording of a call on this device. */
  | 'parley.recording'
  /** The invitation by which somebody has come in. */
  | 'parley-came-by';

export type RememberedKey = (typeof OF_DEVICE)[number] | OfPerson;

/** The same of sessionStorage. */
const OF_TAB = [
  /** The version of the app for which this page was loaded again. */
  'parley.reloadedFor',
] as const;

type KeyOfTab =
  | (typeof OF_TAB)[number]
  /** The call that a reload ended. */
  | 'parley.leftCall';

/** Where the browser refuses its storage (site data blocked, private mode, disk full) values hold as long as this page. */
const ofThisPage = new Map<RememberedKey, string>();

/** What was remembered, or null. Never throws. */
export function remembered(key: RememberedKey): string | null {
  try {
    return ofThisPage.get(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a value, for this page alone where the browser keeps nothing. Never throws. */
export function remember(key: RememberedKey, value: string): void {
  try {
    localStorage.setItem(key, value);
    ofThisPage.delete(key);
  } catch {
    ofThisPage.set(key, value);
  }
}

/** Never throws. */
export function forgetRemembered(key: RememberedKey): void {
  ofThisPage.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // What cannot be read was never kept.
  }
}

/** Forgets everything that belongs to a person, and keys that no version of this app knows. */
export function forgetRememberedOfPerson(): void {
  ofThisPage.clear();
  keepOfDevice(localStorage, OF_DEVICE);
}

/** The same of this tab. */
export function forgetByTabOfPerson(): void {
  keepOfDevice(sessionStorage, OF_TAB);
}

function keepOfDevice(storage: Storage, stay: readonly string[]): void {
  for (const key of Object.keys(storage)) {
    if (!stay.includes(key)) storage.removeItem(key);
  }
}

/** What this tab remembers over a reload (sessionStorage), or null. Never throws. */
export function rememberedByTab(key: KeyOfTab): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Forgets what this tab remembers. Never throws. */
export function forgetByTab(key: KeyOfTab): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // What cannot be read was never kept.
  }
}

/** @returns whether the tab will still know it after a reload */
export function rememberInTab(key: KeyOfTab, value: string): boolean {
  try {
    sessionStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
