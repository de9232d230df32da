import { chromium, type Browser, type BrowserContextOptions, type LaunchOptions } from 'playwright-core';
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

/** How bright the ground of each camera is: it tells whose picture is seen. */
export const GROUND = { mira: 60, jonas: 170 };

/** Devices that are granted without a question, and sound that plays without a gesture. */
const FAKE = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** Where the browsers of this lane listen, as JSON: a Playwright endpoint by the ground of the camera. Unset for a file that is run by hand. */
const LANE_BROWSERS = process.env['PARLEY_LANE_BROWSERS'];

/** @param ground brightness of this browser's camera picture, 16 to 235 */
const camera = (ground: number): string => `--use-file-for-fake-video-capture=${cameraFile(ground)}`;

/**
 * What a browser is launched with that needs neither notifications nor installation: a shell without a user interface, at half the cost.
 * @param more further switches
 */
export const plainLaunch = (ground: number, more: readonly string[] = []): LaunchOptions => ({
  executablePath: whereIs('headless-shell') ?? executable(),
  args: [...QUIET, ...FAKE, ...more, camera(ground)],
});

/**
 * A browser for everything that needs neither notifications nor installation nor a permission prompt: the lane's own, where
 * there is one. Each person has a context of their own; `close` ends the contexts that were opened by it.
 * @param ground brightness of its camera picture: `GROUND.mira` or `GROUND.jonas`, because a camera belongs to a browser
 */
export async function openBrowser(ground: number = GROUND.mira): Promise<Browser> {
  if (LANE_BROWSERS === undefined) return chromium.launch(plainLaunch(ground));
  const endpoint = (JSON.parse(LANE_BROWSERS) as Record<string, string>)[ground];
  if (endpoint === undefined) throw new Error(`the lane has no browser whose camera has the ground ${ground}`);
  return chromium.connect(endpoint);
}

/**
 * A whole Chromium of its own, which shows notifications and asks for permissions.
 * @param ground brightness of this browser's camera picture, 16 to 235
 * @param granted false leaves the permission questions and the autoplay rule as a person meets them
 */
export async function launchChromium(ground: number = GROUND.mira, granted = true): Promise<Browser> {
  const devices = granted ? FAKE : ['--use-fake-device-for-media-stream'];
  return chromium.launch({ executablePath: executable(), args: [...QUIET, ...devices, camera(ground)] });
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

/**
 * A device. Its service worker would fetch the whole app once more into each new profile, which costs as much as everything
 * else of a sign-up, so there is none except where it matters: see `WITH_WORKER`.
 */
export const PERSON: BrowserContextOptions = {
  serviceWorkers: 'block',
  locale: 'en-GB',
  viewport: SIZES.desktop,
  // What moves is drawn in software sixty times a second. Those with a worker have it, as everybody has.
  reducedMotion: 'reduce',
  permissions: ['camera', 'microphone', 'notifications'],
};

/** A device with the service worker that everybody has: where the main job is done, and where the worker has a part in it. */
export const WITH_WORKER: BrowserContextOptions = { serviceWorkers: 'allow', reducedMotion: 'no-preference' };
