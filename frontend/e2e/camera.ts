import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Frames a second: each costs both browsers its encoding, decoding and drawing, all of it in software. */
const PACE = 5;
const WIDTH = 320;
const HEIGHT = 240;
const FRAMES = 25;

/**
 * A real video file as the camera: a bright square that wanders over a plain ground, so that a picture that moves can be
 * told from one that stands.
 * @param ground brightness behind the square, 16 to 235: tells one person's camera from another's
 * @returns the path of a YUV4MPEG2 file
 */
export function cameraFile(ground: number): string {
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${PACE}:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < FRAMES; frame++) parts.push(Buffer.from('FRAME\n'), picture(ground, frame));
  const file = join(mkdtempSync(join(tmpdir(), 'parley-camera-')), 'camera.y4m');
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

function picture(ground: number, frame: number): Buffer<ArrayBuffer> {
  const luma = Buffer.alloc(WIDTH * HEIGHT, ground);
  const left = Math.round((frame / FRAMES) * (WIDTH - 80));
  for (let y = 80; y < 160; y++) luma.fill(235, y * WIDTH + left, y * WIDTH + left + 80);
  return Buffer.concat([luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
}
