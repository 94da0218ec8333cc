import { expect, test } from 'vitest';
import { decodeImage } from '../decode-image.ts';
import { encodePng } from './encode-png.ts';
import { draw } from './draw.ts';

test('one gray channel of 8 bits, which decodes to the same pixels', async () => {
  const image = draw(37, 11, (x, y) => 5 * x + 3 * y);
  const png = await encodePng(image);
  // IHDR: width, height, bit depth 8, colour type 0 (gray).
  expect([...png.subarray(16, 26)]).toEqual([0, 0, 0, 37, 0, 0, 0, 11, 8, 0]);
  expect(await decodeImage(png)).toEqual({ ...image, original: { width: 37, height: 11 } });
});

test('an image without its pixels is named', async () => {
  await expect(encodePng({ width: 2, height: 2, data: new Uint8Array(3) })).rejects.toThrow('2 × 2 needs 4 bytes');
});
