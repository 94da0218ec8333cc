import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../../data/line-sample/', import.meta.url));

/** A PNG of two handwritten lines on a sheet. */
export async function pagePicture(): Promise<Buffer> {
  const names = ['laid-down-the-necklace', 'blanche-comme-une-statue-de-cire'];
  const lines = await Promise.all(names.map((name) => sharp(`${folder}${name}.png`).toBuffer()));
  const sheet = { width: 1400, height: 700, channels: 3, background: '#fff' } as const;
  const places = lines.map((input, i) => ({ input, left: 100, top: 120 + 240 * i }));
  return await sharp({ create: sheet }).composite(places).png().toBuffer();
}
