import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { decodeImage } from '../../src/images/decode-image.ts';
import { encodePng } from '../../src/images/testing/encode-png.ts';
import { characterStem } from '../../src/images/character-stem.ts';
import { invert } from '../../src/images/invert.ts';
import { resize } from '../../src/images/resize.ts';

const folder = fileURLToPath(new URL('../../data/emnist-sample/images/', import.meta.url));

/** Handwritten characters and gaps, as the samples are named. */
const LINE = ['upper-R', 'lower-e', 'lower-d', ' ', 'lower-h', 'lower-e', 'lower-n', ' ', 'digit-2', 'digit-7'];
const SIDE = 72;
const MARGIN = 40;

/** A PNG of a line that is set from the sample's characters, dark on white: two words and a number. */
export async function linePicture(): Promise<Buffer> {
  const [width, height] = [LINE.length * SIDE + 2 * MARGIN, SIDE + 2 * MARGIN];
  const data = new Uint8Array(width * height).fill(255);
  for (const [i, name] of LINE.entries()) {
    if (name === ' ') continue;
    const sample = invert(characterStem(await decodeImage(await readFile(`${folder}${name}.png`))));
    const glyph = resize(sample, SIDE, SIDE, 'bicubic');
    for (let y = 0; y < SIDE; y++) {
      data.set(glyph.data.subarray(y * SIDE, (y + 1) * SIDE), (y + MARGIN) * width + MARGIN + i * SIDE);
    }
  }
  return await encodePng({ width, height, data });
}
