import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launchChromium } from './chromium.ts';

/** `npm run icons`: draws the bitmaps that systems want from the vectors beside them, and the signs of the shortcuts. */
const FOLDER = join(import.meta.dirname, '..', 'public', 'icons');
const { resolve } = createRequire(import.meta.url);

const drawn = (name: string): string => readFileSync(join(FOLDER, `${name}.svg`), 'utf8');

/** A stroke icon in the primary colour, in the middle of the surface (look.md's tokens). */
const sign = (icon: string): string =>
  readFileSync(resolve(`lucide-static/icons/${icon}.svg`), 'utf8')
    .replace(/width="24"\s+height="24"\s+viewBox="0 0 24 24"/, 'viewBox="-12 -12 48 48"')
    .replace('<svg', '<svg style="background:#fbf9f5;color:#0b6b5d;border-radius:24%"');

const ICONS = [
  ['mark-192', 192, drawn('mark')],
  ['mark-512', 512, drawn('mark')],
  ['maskable-180', 180, drawn('maskable')],
  ['maskable-192', 192, drawn('maskable')],
  ['maskable-512', 512, drawn('maskable')],
  ['monochrome-512', 512, drawn('monochrome')],
  ['shortcut-chat', 96, sign('square-pen')],
  ['shortcut-calls', 96, sign('phone')],
] as const;

const browser = await launchChromium();
const page = await browser.newPage();
for (const [name, size, svg] of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), omitBackground: true });
}
await browser.close();
