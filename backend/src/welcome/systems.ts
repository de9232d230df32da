import type { Words } from './words.ts';

const same = (name: string): Words => ({ en: name, de: name });

/** Every system with a guide of its own, as people call it. */
export const SYSTEMS = {
  ios: same('iPhone'),
  ipados: same('iPad'),
  'android-chrome': same('Android, Chrome'),
  'android-firefox': same('Android, Firefox'),
  'macos-safari': same('Mac, Safari'),
  'macos-chrome': same('Mac, Chrome'),
  'macos-firefox': same('Mac, Firefox'),
  'windows-chrome': { en: 'Windows, Chrome or Edge', de: 'Windows, Chrome oder Edge' },
  'windows-firefox': same('Windows, Firefox'),
  'linux-chrome': same('Linux, Chrome'),
  'linux-firefox': same('Linux, Firefox'),
} satisfies Record<string, Words>;

export type System = keyof typeof SYSTEMS;

const isSystem = (text: string | null): text is System => text !== null && Object.hasOwn(SYSTEMS, text);

/**
 * Whose guide to show. An iPad calls itself a Mac: the page's script knows better by its touch screen, and asks for it.
 * @param asked by somebody who knows better; wins where there is such a system
 * @param userAgent the header (RFC 9110, 10.1.5); what is unknown gets the guide that needs no system's help
 */
export function chooseSystem(asked: string | null, userAgent = ''): System {
  if (isSystem(asked)) return asked;
  const isFirefox = /Firefox\//.test(userAgent);
  if (/iPhone|iPod/.test(userAgent)) return 'ios';
  if (/iPad/.test(userAgent)) return 'ipados';
  if (/Android/.test(userAgent)) return isFirefox ? 'android-firefox' : 'android-chrome';
  if (/Windows/.test(userAgent)) return isFirefox ? 'windows-firefox' : 'windows-chrome';
  if (/Macintosh/.test(userAgent)) {
    if (isFirefox) return 'macos-firefox';
    return /Chrome\//.test(userAgent) ? 'macos-chrome' : 'macos-safari';
  }
  return isFirefox ? 'linux-firefox' : 'linux-chrome';
}

/** Whether this is a browser of iOS that may not install a profile: only Safari may. */
export const needsSafari = (userAgent = ''): boolean =>
  /iPhone|iPod|iPad/.test(userAgent) && /(CriOS|FxiOS|EdgiOS|OPT)\//.test(userAgent);
