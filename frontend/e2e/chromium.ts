import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';
import { whereIs } from '../../scripts/tools.mjs';
import { cameraFile } from './camera.ts';

/** What every Chromium of a test is started with: it asks nobody on the internet for anything. */
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Devices that are granted without a question, and sound that plays without a gesture. */
const FAKE = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * @param ground brightness of this browser's camera picture, 16 to 235
 * @param granted false leaves the permission questions and the autoplay rule as a person meets them
 */
export async function launchChromium(ground = 60, granted = true): Promise<Browser> {
  const devices = granted ? FAKE : ['--use-fake-device-for-media-stream'];
  return chromium.launch({
    executablePath: executable(),
    args: [...QUIET, ...devices, `--use-file-for-fake-video-capture=${cameraFile(ground)}`],
  });
}

export function executable(): string {
  const path = whereIs('chromium');
  if (path === undefined) throw new Error('chromium is not there');
  return path;
}

/** Phone, tablet and desktop, as the screens were drawn. */
export const SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1280, height: 800 },
} as const;

export const PERSON: BrowserContextOptions = {
  locale: 'en-GB',
  viewport: SIZES.desktop,
  permissions: ['camera', 'microphone', 'notifications'],
};
