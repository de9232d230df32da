/**
 * Every key this origin keeps in localStorage, and to whom it belongs: what is a person's goes with them, what is the device's
 * stays for whoever uses it next. ESLint lets nothing but this file touch localStorage and sessionStorage.
 */
export const REMEMBERED = {
  'parley.language': 'device',
  'parley.scheme': 'device',
  /** The installation card was dismissed. */
  'parley.install': 'device',
  /** The browser was asked to keep our storage. */
  'parley.storage': 'device',
  /** Chosen microphone, camera and speaker. */
  'parley.devices': 'device',
  /** How calls are made here: what is done to sound and picture. */
  'parley.call': 'device',
  /** A video call was made here: the ready check comes by itself once. */
  'parley.ready': 'device',
  /** Whether calls hide addresses: a call before the first answer must not tell what it would have hidden. */
  'parley.relay-only': 'device',
  /** Other addresses of this server. */
  'parley.origins': 'device',
  /** When this device is to be silent: do not disturb. */
  'parley.quiet': 'person',
  /** A recovery code was made here, and the person has not said that it is written down. */
  'parley.code-owed': 'person',
  /** The public master key that is to be replaced, because a device was lost. */
  'parley.shut-out': 'person',
  /** The question whether to be told of messages was declined. */
  'parley.notices': 'person',
  /** The invitation by which somebody has come in. */
  'parley-came-by': 'person',
} as const satisfies Readonly<Record<string, 'device' | 'person'>>;

export type RememberedKey = keyof typeof REMEMBERED;

/** The same of sessionStorage. */
export const REMEMBERED_BY_TAB = {
  /** The version of the app for which this page was loaded again. */
  'parley.reloadedFor': 'device',
  /** The call that a reload ended. */
  'parley.leftCall': 'person',
} as const satisfies Readonly<Record<string, 'device' | 'person'>>;

type KeyOfTab = keyof typeof REMEMBERED_BY_TAB;

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
  keepOfDevice(localStorage, REMEMBERED);
}

/** The same of this tab. */
export function forgetByTabOfPerson(): void {
  keepOfDevice(sessionStorage, REMEMBERED_BY_TAB);
}

function keepOfDevice(storage: Storage, whose: Readonly<Record<string, 'device' | 'person'>>): void {
  for (const key of Object.keys(storage)) {
    if (whose[key] !== 'device') storage.removeItem(key);
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
