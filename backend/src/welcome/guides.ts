import { androidChromeGuide, androidFirefoxGuide } from './guide-android.ts';
import { macChromeGuide, macSafariGuide, mobileGuide } from './guide-apple.ts';
import { firefoxGuide, linuxChromeGuide, windowsGuide } from './guide-desktop.ts';
import type { Guide } from './guide.ts';
import type { System } from './systems.ts';

/** Every system's guide. */
export const GUIDES: Readonly<Record<System, Guide>> = {
  ios: mobileGuide,
  ipados: mobileGuide,
  'android-chrome': androidChromeGuide,
  'android-firefox': androidFirefoxGuide,
  'macos-safari': macSafariGuide,
  'macos-chrome': macChromeGuide,
  'macos-firefox': firefoxGuide,
  'windows-chrome': windowsGuide,
  'windows-firefox': firefoxGuide,
  'linux-chrome': linuxChromeGuide,
  'linux-firefox': firefoxGuide,
};
