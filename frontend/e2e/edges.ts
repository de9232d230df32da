import type { Page } from 'playwright-core';

/** How far around an element is looked, px. */
const ROUND = 4;

/**
 * How much of an element's outline is seen: the part of its rows and columns in which some pixel at its left or right end, or
 * at its top or bottom, differs clearly from what lies outside. 0 for something that is drawn as its ground is.
 */
export async function edgesOf(page: Page, selector: string): Promise<number> {
  const element = page.locator(selector).filter({ visible: true }).first();
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  if (!box) throw new Error(`${selector} is not shown`);
  const clip = { x: box.x - ROUND, y: box.y - ROUND, width: box.width + 2 * ROUND, height: box.height + 2 * ROUND };
  const picture = (await page.screenshot({ clip, caret: 'hide' })).toString('base64');
  return page.evaluate(
    async ({ picture, round }) => {
      const bytes = Uint8Array.from(atob(picture), sign => sign.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      if (!context) throw new Error('this browser draws nothing');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const at = (x: number, y: number): number[] =>
        [0, 1, 2].map(channel => data[(y * image.width + x) * 4 + channel] ?? 0);
      const ground = at(0, 0);
      const differs = (x: number, y: number): boolean =>
        at(x, y).some((value, channel) => Math.abs(value - (ground[channel] ?? 0)) > 90);
      const within = Array.from({ length: round * 2 }, (_, step) => step);
      let [seen, all] = [0, 0];
      // The middle half of each side: corners are round.
      for (let y = Math.round(image.height * 0.3); y < image.height * 0.7; y++) {
        all += 2;
        if (within.some(step => differs(step, y))) seen++;
        if (within.some(step => differs(image.width - 1 - step, y))) seen++;
      }
      return all === 0 ? 0 : seen / all;
    },
    { picture, round: ROUND },
  );
}
