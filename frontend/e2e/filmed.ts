import type { Locator, Page } from 'playwright-core';

/** What a screen shows at a place, as a photograph. */
export async function photographOf(drawing: Locator): Promise<string> {
  await drawing.locator('svg').waitFor();
  return `png;base64,${(await drawing.screenshot({ animations: 'disabled' })).toString('base64')}`;
}

/** The camera of a page films this photograph from now on. */
export const films = (page: Page, photograph: string): Promise<void> =>
  page.evaluate(async data => {
    const image = new Image();
    image.src = `data:image/${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const pen = canvas.getContext('2d');
    const draw = () => {
      if (!pen) return;
      pen.fillStyle = '#ffffff';
      pen.fillRect(0, 0, 640, 480);
      pen.drawImage(image, 140, 60, 360, 360);
    };
    draw();
    setInterval(draw, 50);
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(20));
  }, photograph);
