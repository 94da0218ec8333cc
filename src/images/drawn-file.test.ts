import { describe, expect, test } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { openDrawnFile } from './drawn-file.ts';
import { imageLimits } from './image-limits.ts';
import { openHeic } from './open-heic.ts';
import { encoded } from './testing/encoded-images.ts';
import { endlessPdf, pdfOfPages } from './testing/make-pdf.ts';

describe('BMP', () => {
  test.each([
    ['24 bits', 'bmp24', [76, 150, 29, 29, 150, 76]],
    ['a palette', 'bmp8', [76, 150, 29, 29, 150, 76]],
    ['1 bit', 'bmp1', [0, 255, 0, 255, 255, 0]],
  ] as const)('%s', async (_, name, pixels) => {
    const image = await decodeImage(encoded(name));
    expect([[...image.data], image.original]).toEqual([pixels, { width: 3, height: 2 }]);
  });

  test('one whose lines begin at the top', async () => {
    const bytes = encoded('bmp24');
    new DataView(bytes.buffer).setInt32(22, -2, true);
    expect([...(await decodeImage(bytes)).data]).toEqual([29, 150, 76, 76, 150, 29]);
  });

  test.each([
    ['30,000 pixels square', 18, 30_000, 'IMAGE_TOO_LARGE', /has 30000 × 2 pixels|cut short/],
    ['more pixels than the limit', 22, 20_000_000, 'IMAGE_TOO_LARGE', /20000000 pixels/],
    ['run lengths', 30, 1, 'UNSUPPORTED_IMAGE', /Save it as PNG/],
    ['bits that no BMP has', 28, 7, 'INVALID_IMAGE', /damaged or cut short/],
    ['colours without end', 46, 2 ** 31 - 1, 'INVALID_IMAGE', /damaged or cut short/],
  ])('%s', async (_, offset, value, code, message) => {
    const bytes = encoded('bmp24');
    new DataView(bytes.buffer).setInt32(offset, value, true);
    if (offset === 18) new DataView(bytes.buffer).setInt32(22, 30_000, true);
    const expected = { code, message: expect.stringMatching(offset === 18 ? /30000 × 30000/ : message) };
    await expect(decodeImage(bytes)).rejects.toMatchObject(expected);
  });
});

describe('HEIC', () => {
  test('its first picture', { timeout: 120_000 }, async () => {
    const { width, height, data, original } = await decodeImage(encoded('heic'));
    expect([width, height, original]).toEqual([64, 32, { width: 64, height: 32 }]);
    const tone = (x: number, y: number) => data[y * 64 + x];
    for (const y of [2, 16, 30]) {
      expect(Math.abs(tone(8, y) - 40)).toBeLessThan(6);
      expect(Math.abs(tone(56, y) - 220)).toBeLessThan(6);
    }
  });

  test('more pixels than the limit, or cut short', async () => {
    const open = (bytes: Uint8Array, limits = {}) =>
      openHeic({ format: 'HEIC', name: 'a.heic', bytes, limits: imageLimits(limits) });
    await expect(open(encoded('heic'), { maxPixels: 2000 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('a.heic has 64 × 32 pixels'),
    });
    await expect(open(encoded('heic').subarray(0, 300))).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
  });
});

describe('PDF', () => {
  test('any page of it, on a thread that ends', { timeout: 120_000 }, async () => {
    const pdf = pdfOfPages([
      [144, 72],
      [144, 72, '/Rotate 90'],
    ]);
    const second = await decodeImage(pdf, {}, 2);
    // Two inches by one, turned clockwise: its lower left inch is above.
    expect(second.original).toEqual({ width: 300, height: 600, resolution: 300, page: 2, pages: 2 });
    expect([second.data[150 * 300 + 150], second.data[450 * 300 + 150]]).toEqual([0, 255]);
    await expect(decodeImage(pdf, {}, 3)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('what takes too long or too much memory is ended, and the next page drawn', { timeout: 120_000 }, async () => {
    const file = await openDrawnFile('PDF', 'a.pdf', endlessPdf(), imageLimits({ maxSeconds: 4 }));
    await expect(file.draw(1)).rejects.toMatchObject({
      code: 'INVALID_IMAGE',
      message: expect.stringMatching(
        /a\.pdf (takes more than 4 seconds|cannot be decoded; it may need too much memory)/,
      ),
    });
    expect((await file.draw(2)).width).toBe(300);
    await file.close();
  });
});
