import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readImageHeader } from './decode-image.ts';
import { checkDecodeBytes, decodeBytesOf } from './decode-cost.ts';
import { pngHeader } from './testing/encoded-images.ts';

const size = { width: 7000, height: 7000, channels: 3, isProgressive: false } as const;

test.each([
  ['8-bit JPEG', { ...size, format: 'jpeg', depth: 'uchar' }, 147_000_000],
  ['16-bit PNG with alpha', { ...size, format: 'png', depth: 'ushort', channels: 4 }, 392_000_000],
  ['AVIF', { ...size, format: 'heif', depth: 'uchar' }, 882_000_000],
] as const)('%s of 49 megapixels', (_, header, bytes) => expect(decodeBytesOf(header)).toBe(bytes));

test.each([
  ['heif', 'uchar', false, /is AVIF and takes 841.1 MiB of memory to decode/],
  ['png', 'ushort', true, /is interlaced and takes 1121.5 MiB/],
  ['jpeg', 'ushort', true, /is interlaced/],
  ['webp', 'ushort', false, /is WebP/],
] as const)('%s, too large, %s, interlaced: %s, is refused', (format, depth, isProgressive, message) => {
  const width = format === 'heif' ? 7000 : 28_000;
  expect(() => checkDecodeBytes('The image', { ...size, width, format, depth, isProgressive })).toThrow(message);
});

test.each([
  ['a photograph of 24 megapixels as AVIF', { format: 'heif', width: 6000, height: 4000, depth: 'uchar' }],
  [
    'an interlaced PNG of 49 megapixels and 16 bits',
    { format: 'png', depth: 'ushort', channels: 4, isProgressive: true },
  ],
] as const)('%s is decoded', (_, header) => checkDecodeBytes('The image', { ...size, ...header }));

test('what is decoded row by row may be larger', () => {
  checkDecodeBytes('The image', { ...size, format: 'png', depth: 'ushort' });
  checkDecodeBytes('The image', { ...size, format: 'webp', depth: 'uchar' });
});

test('an AVIF of 1.5 kB and 49 megapixels is refused by its header', async () => {
  const avif = await sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#eee' } })
    .avif({ effort: 0 })
    .toBuffer();
  expect(avif.length).toBeLessThan(2000);
  await expect(readImageHeader(avif)).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: expect.stringContaining('is AVIF and takes 841.1 MiB of memory to decode, more than the 416 MiB allowed'),
  });
});

test('the header of a PNG says what decoding makes', async () => {
  // 600 × 500 RGBA of 16 bits.
  const png = pngHeader([0, 0, 2, 88, 0, 0, 1, 244, 16, 6, 0, 0, 0]);
  expect(await readImageHeader(png)).toEqual({ width: 600, height: 500, decodeBytes: 2_400_000 });
});
