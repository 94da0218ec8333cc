import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImageInput, decodeImage } from './decode-image.ts';
import type { ImageLimits } from './image-limits.ts';
import { encoded, pngClaiming30000Square, pngHeader } from './testing/encoded-images.ts';

const text = (content: string) => new TextEncoder().encode(content);

const square = (side: number, value: number) =>
  sharp({ create: { width: side, height: side, channels: 3, background: { r: value, g: value, b: value } } })
    .png()
    .toBuffer();

describe('pages', () => {
  test.each(['animatedGif', 'animatedWebp'] as const)('each frame of an %s, from 1', async (name) => {
    const [first, second] = [await decodeImage(encoded(name)), await decodeImage(encoded(name), {}, 2)];
    expect([...first.data, ...second.data]).toEqual([40, 40, 40, 40, 220, 220, 220, 220]);
    expect(first.original).toEqual({ width: 2, height: 2, page: 1, pages: 2 });
    expect(second.original).toEqual({ width: 2, height: 2, page: 2, pages: 2 });
  });

  test('a page of a TIFF', async () => {
    const pages = await Promise.all([40, 200, 90].map((value) => square(2, value)));
    const tiff = await sharp(pages, { join: { animated: true } })
      .tiff({ compression: 'none' })
      .toBuffer();
    const third = await decodeImage(tiff, undefined, 3);
    expect([[...third.data], third.original]).toEqual([[90, 90, 90, 90], { width: 2, height: 2, page: 3, pages: 3 }]);
    await expect(decodeImage(tiff, undefined, 4)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'The image has no page 4; it has the pages 1 to 3.',
    });
  });

  test('an image of one page has no number, and no second page', async () => {
    expect((await decodeImage(encoded('grayPng'))).original).toEqual({ width: 3, height: 2 });
    await expect(decodeImage(encoded('grayPng'), {}, 2)).rejects.toThrow('The image has no page 2; it has one page.');
  });
});

describe('formats', () => {
  test('gray PNG', async () => {
    const image = await decodeImage(encoded('grayPng'));
    expect(image).toMatchObject({ width: 3, height: 2, data: Uint8Array.of(0, 50, 100, 150, 200, 255) });
  });

  test.each([
    ['16 bits', 'png16', [0, 50, 100, 150, 200, 255]],
    ['a palette, as luma of Rec. 601', 'palettePng', [76, 150, 29, 29, 150, 76]],
    ['1 bit', 'bilevelPng', [0, 255, 0, 255, 255, 0]],
    ['1-bit TIFF', 'bilevelTiff', [0, 255, 0, 255, 255, 0]],
    ['the first frame of a GIF', 'animatedGif', [40, 40, 40, 40]],
    ['the first frame of a WebP', 'animatedWebp', [40, 40, 40, 40]],
    ['black ink on transparency, on white', 'blackInkPng', [255, 0, 127, 255]],
    ['white ink on transparency, on black', 'whiteInkPng', [0, 255, 128, 0]],
  ] as const)('%s', async (_, name, expected) => {
    expect([...(await decodeImage(encoded(name))).data]).toEqual(expected);
  });

  test('AVIF', async () => {
    const { width, height, data } = await decodeImage(encoded('avif'));
    expect([width, height]).toEqual([8, 8]);
    expect(Math.max(...data.map((value) => Math.abs(value - 90)))).toBeLessThanOrEqual(2);
  });

  test('JPEG is turned as its EXIF orientation says', async () => {
    const { width, height, data } = await decodeImage(encoded('exif6Jpeg'));
    expect([width, height]).toEqual([8, 16]);
    expect([data[3 * 8 + 4] < 5, data[12 * 8 + 4] > 250]).toEqual([true, true]);
  });

  test('CMYK JPEG keeps dark dark and light light', async () => {
    const { width, height, data } = await decodeImage(encoded('cmykJpeg'));
    expect([width, height]).toEqual([16, 8]);
    expect([data[4 * 16 + 3] < 60, data[4 * 16 + 12] > 240]).toEqual([true, true]);
  });
});

describe('raw pixels', () => {
  test('RGBA from a canvas, without being told the channels', async () => {
    const data = Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 255);
    expect((await decodeImage({ data, width: 2, height: 1 })).data).toEqual(Uint8Array.of(76, 29));
  });

  test('longer than maxSide is shrunk', async () => {
    const data = Uint8Array.of(10, 30, 50, 70, 90, 110, 130, 150);
    const image = await decodeImage({ data, width: 4, height: 2, channels: 1 }, { maxSide: 2 });
    expect(image).toEqual({ width: 2, height: 1, data: Uint8Array.of(60, 100), original: { width: 4, height: 2 } });
  });
});

describe('limits', () => {
  test('raw pixels with impossible sides are invalid, not too large', async () => {
    const image = { data: new Uint8Array(4), width: Number.NaN, height: 1 };
    await expect(decodeImage(image)).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
  });

  test('a header of 30,000 × 30,000 is refused without allocating', async () => {
    const before = process.memoryUsage().rss;
    await expect(decodeImage(pngClaiming30000Square())).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('30000 × 30000 pixels, more than the 50 million allowed'),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test('an interlaced image that would have to be decoded whole is refused beyond 416 MiB', async () => {
    // 8000 × 8000 RGBA of 16 bits, interlaced: 512 million bytes.
    const png = pngHeader([0, 0, 0x1f, 0x40, 0, 0, 0x1f, 0x40, 16, 6, 0, 0, 1]);
    await expect(decodeImage(png, { maxPixels: 64e6 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('interlaced and takes 488.3 MiB'),
    });
  });

  test('a large image is shrunk to maxSide, aspect kept', async () => {
    const png = await sharp({ create: { width: 6000, height: 3000, channels: 3, background: '#646464' } })
      .png()
      .toBuffer();
    const image = await decodeImage(png);
    expect([image.width, image.height]).toEqual([4096, 2048]);
    expect(new Set(image.data)).toEqual(new Set([100]));
  });

  test.each<[string, ImageInput, Partial<ImageLimits>, string]>([
    ['bytes', encoded('grayPng'), { maxBytes: 10 }, 'has 73 bytes, more than the 10 bytes allowed'],
    ['pixels', encoded('grayPng'), { maxPixels: 5 }, 'has 3 × 2 pixels'],
    ['raw pixels', { data: new Uint8Array(6), width: 3, height: 2 }, { maxPixels: 5 }, 'has 3 × 2 pixels'],
  ])('%s', async (_, input, limits, message) => {
    await expect(decodeImage(input, limits)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining(message),
    });
  });

  test('a limit that is not a positive integer is an argument error', async () => {
    await expect(decodeImage(encoded('grayPng'), { maxSide: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('bad bytes', () => {
  test.each<[string, Uint8Array, string, string]>([
    ['0 bytes', new Uint8Array(0), 'INVALID_IMAGE', 'is empty (0 bytes)'],
    ['a truncated PNG', encoded('grayPng').subarray(0, 50), 'INVALID_IMAGE', 'damaged or cut short'],
    ['a truncated JPEG', encoded('exif6Jpeg').subarray(0, 330), 'INVALID_IMAGE', 'damaged or cut short'],
    ['only a signature', text('GIF89a'), 'INVALID_IMAGE', 'damaged or cut short'],
    ['plain text', text('hello'), 'UNSUPPORTED_IMAGE', 'no image format that is known here'],
    ['SVG', text('<?xml version="1.0"?><svg xmlns="x"/>'), 'UNSUPPORTED_IMAGE', 'is SVG. Give a PNG'],
    ['PDF', text('%PDF-1.7'), 'INVALID_IMAGE', 'is damaged or no PDF'],
    ['BMP', text('BM\0\0\0\0'), 'INVALID_IMAGE', 'damaged or cut short'],
    ['HEIC', text('\0\0\0\x14ftypheic\0\0\0\0mif1'), 'INVALID_IMAGE', 'damaged or cut short'],
    ['a data URL', text('data:image/png;base64,iVBORw0KGgo='), 'UNSUPPORTED_IMAGE', 'is base64 text'],
  ])('%s', async (_, bytes, code, message) => {
    await expect(decodeImage(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('bytes that are not bytes', async () => {
    const wrong: unknown[] = [null, undefined, 7, { data: [1], width: 1, height: 1 }, {}];
    for (const input of wrong) {
      await expect(decodeImage(input as ImageInput)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'decode-image-'));
    await writeFile(join(folder, 'gray.png'), encoded('grayPng'));
    await writeFile(join(folder, 'empty.png'), '');
    await writeFile(join(folder, 'notes.txt'), 'hello');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a path, a file URL and an ArrayBuffer', async () => {
    const path = join(folder, 'gray.png');
    const { buffer } = Uint8Array.from(encoded('grayPng'));
    for (const input of [path, pathToFileURL(path), buffer]) {
      expect([...(await decodeImage(input)).data]).toEqual([0, 50, 100, 150, 200, 255]);
    }
  });

  test.each([
    ['nowhere.png', 'FILE_NOT_FOUND', 'There is no file'],
    ['', 'INVALID_IMAGE', 'is a folder'],
    ['empty.png', 'INVALID_IMAGE', 'is empty'],
    ['notes.txt', 'UNSUPPORTED_IMAGE', 'no image format'],
    ['a\0b.png', 'FILE_NOT_FOUND', 'cannot be read'],
  ])('"%s" is named in the error %s', async (name, code, message) => {
    const path = join(folder, name);
    const error = await decodeImage(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(error).toMatchObject({ message: expect.stringContaining(path) });
  });

  test('a file over maxBytes is not read', async () => {
    await expect(decodeImage(join(folder, 'gray.png'), { maxBytes: 72 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('gray.png'),
    });
  });

  test('addresses are not fetched', async () => {
    await expect(decodeImage('https://example.org/a.png')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: expect.stringContaining('download the image first'),
    });
    await expect(decodeImage(new URL('https://example.org/a.png'))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  test.skipIf(process.platform === 'win32')('a named pipe does not hang', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(decodeImage(pipe)).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
  });
});
