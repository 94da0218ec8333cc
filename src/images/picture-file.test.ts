import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPictureFile } from './picture-file.ts';
import { encoded } from './testing/encoded-images.ts';
import { pdfOfPages } from './testing/make-pdf.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picture-file-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a turned JPEG becomes upright, of its whole size', async () => {
  const file = await openPictureFile(encoded('exif6Jpeg'), { maxSide: 8 });
  expect([file.pages, file.isPlain]).toEqual([1, false]);
  const jpeg = sharp(await file.toJpeg(1));
  expect(await jpeg.metadata()).toMatchObject({ format: 'jpeg', width: 8, height: 16, channels: 3 });
  expect(await jpeg.metadata()).not.toHaveProperty('orientation');
  // Black above white.
  const { data } = await jpeg.raw().toBuffer({ resolveWithObject: true });
  expect([data[3 * (2 * 8 + 4)] < 30, data[3 * (13 * 8 + 4)] > 225]).toEqual([true, true]);
  expect((await file.decode(1)).original).toEqual({ width: 8, height: 16 });
});

test('an upright JPEG is taken as it is', async () => {
  const bytes = await sharp({ create: { width: 5, height: 4, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();
  const path = join(folder, 'a.jpg');
  await writeFile(path, bytes);
  const file = await openPictureFile(path);
  expect([file.isPlain, Buffer.compare(Buffer.from(await file.toJpeg(1)), bytes)]).toEqual([true, 0]);
});

test('pages of a TIFF, frames of an animation', async () => {
  const pages = await Promise.all(
    [40, 200].map((value) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background: { r: value, g: value, b: value } } })
        .png()
        .toBuffer(),
    ),
  );
  const tiff = await sharp(pages, { join: { animated: true } })
    .tiff()
    .toBuffer();
  const file = await openPictureFile(tiff);
  expect([file.pages, file.isPlain]).toEqual([2, false]);
  expect((await file.decode(2)).data[0]).toBe(200);
  expect(
    Math.abs(
      (
        await sharp(await file.toJpeg(2))
          .raw()
          .toBuffer()
      )[0] - 200,
    ),
  ).toBeLessThan(4);
  await expect(openPictureFile(tiff, { maxPages: 1 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  expect(await openPictureFile(encoded('animatedGif'))).toMatchObject({ pages: 1, isPlain: false });
});

test('a page that is too large is refused before it is decoded, whatever the first one is', async () => {
  const file = await openPictureFile(grayTiff(8, 40_000));
  expect(await sharp(await file.toJpeg(1)).metadata()).toMatchObject({ width: 8, height: 1 });
  await expect(file.toJpeg(2)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  await file.close();
});

/** A TIFF of gray pages that are one pixel high, of these widths, little-endian. */
function grayTiff(...widths: readonly number[]): Uint8Array {
  const entries = 8;
  const directoryBytes = 2 + 12 * entries + 4;
  const pixelsAt = 8 + widths.length * directoryBytes;
  const file = new DataView(new ArrayBuffer(pixelsAt + Math.max(...widths)));
  file.setUint32(0, 0x002a4949, true);
  file.setUint32(4, 8, true);
  widths.forEach((width, page) => {
    const at = 8 + page * directoryBytes;
    // Width, height, bits, compression, photometric, strip, rows and bytes of the strip.
    const values = [
      [256, width],
      [257, 1],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, pixelsAt],
      [278, 1],
      [279, width],
    ];
    file.setUint16(at, entries, true);
    values.forEach(([tag, value], i) => {
      file.setUint16(at + 2 + 12 * i, tag, true);
      file.setUint16(at + 4 + 12 * i, 4, true);
      file.setUint32(at + 6 + 12 * i, 1, true);
      file.setUint32(at + 10 + 12 * i, value, true);
    });
    file.setUint32(at + 2 + 12 * entries, page + 1 < widths.length ? at + directoryBytes : 0, true);
  });
  return new Uint8Array(file.buffer);
}

test('pages of a PDF, BMP', { timeout: 120_000 }, async () => {
  const file = await openPictureFile(
    pdfOfPages([
      [72, 72],
      [144, 72],
    ]),
  );
  expect([file.pages, file.isPlain]).toEqual([2, false]);
  expect((await file.decode(2)).original).toEqual({ width: 600, height: 300, resolution: 300, page: 2, pages: 2 });
  expect(await sharp(await file.toJpeg(2)).metadata()).toMatchObject({ width: 600, height: 300, channels: 3 });
  await file.close();
  const bmp = await openPictureFile(encoded('bmp24'));
  expect([bmp.pages, bmp.isPlain, (await bmp.decode(1)).width]).toEqual([1, true, 3]);
  expect(await sharp(await bmp.toJpeg(1)).metadata()).toMatchObject({ width: 3, height: 2 });
});

test('what is no picture says so when it is decoded', async () => {
  const file = await openPictureFile(new TextEncoder().encode('hello'));
  await expect(file.decode(1)).rejects.toMatchObject({ code: 'UNSUPPORTED_IMAGE' });
  const empty = await openPictureFile(new Uint8Array(0));
  await expect(empty.decode(1)).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
  const svg = await openPictureFile(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  expect([svg.pages, svg.isPlain]).toEqual([1, false]);
  await expect(svg.decode(1)).rejects.toMatchObject({ code: 'UNSUPPORTED_IMAGE' });
  await expect(openPictureFile(join(folder, 'none.jpg'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
