import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../../../data/line-sample/', import.meta.url));
const enlargement = 2;
/** Pixels of paper around the writing. */
const margin = 24;

/** The bundled lines as a telephone would send them: twice as large, on unevenly lit paper, as JPEG. */
export async function photographedLines(): Promise<Buffer[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).toSorted();
  return await Promise.all(names.map(async (name) => await photograph(join(folder, name))));
}

async function photograph(file: string): Promise<Buffer> {
  const { width, height } = await sharp(file).metadata();
  const all = { top: margin, bottom: margin, left: margin, right: margin };
  const line = await sharp(file)
    .removeAlpha()
    .resize(enlargement * width, enlargement * height)
    .extend({ ...all, background: 'white' })
    .toBuffer({ resolveWithObject: true });
  const light = `<svg width="${line.info.width}" height="${line.info.height}"><defs><linearGradient id="light">
    <stop offset="0" stop-color="#999"/><stop offset="1" stop-color="#eee"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#light)"/></svg>`;
  return await sharp(line.data)
    .composite([{ input: Buffer.from(light), blend: 'multiply' }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
