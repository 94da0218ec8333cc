import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import type { Reading } from '../reading/reading.ts';
import { SearchablePdf, toSearchablePdf } from './searchable-pdf.ts';
import { readPdfText } from './testing/read-pdf-text.ts';
import { lineReading, rectangle, sampleReading, wordReading } from './testing/sample-reading.ts';

const facts = { file: 'page.jpg', created: new Date('2026-11-28T20:00:00Z') };
let jpeg: Buffer;

beforeAll(async () => {
  jpeg = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#eee' } })
    .jpeg()
    .toBuffer();
});

test('its text is found where it was read', async () => {
  const pdf = await toSearchablePdf({ reading: sampleReading, jpeg, resolution: 72 }, facts);
  const [{ width, height, text, boxes, origins }] = await readPdfText(pdf);
  expect([width, height]).toEqual([400, 200]);
  expect(text).toBe('Tom & l’été\r\n<ok>');
  const begins = (index: number) => origins[index];
  const withinAPixel = ([x, y]: readonly number[]) => [expect.closeTo(x, -0.3), expect.closeTo(y, -0.3)];
  // One pixel is one point. "Tom" begins at x = 20.25 on the baseline, which is 64 pixels below the page's upper rim there.
  expect(begins(text.indexOf('T'))).toEqual(withinAPixel([20.25, 200 - 64]));
  // The baseline rises from there to 57.4 at x = 160, so that it is at 59.3 where "&" begins.
  expect(begins(text.indexOf('&'))).toEqual(withinAPixel([120, 200 - 59.3]));
  expect(begins(text.indexOf('l'))).toEqual(withinAPixel([160, 200 - 57.4]));
  // "<ok>" has four characters of 17.5 pixels on a level baseline, 150 pixels below the rim; it is 40 pixels high.
  expect(['<', 'o', 'k', '>'].map((each) => begins(text.lastIndexOf(each)))).toEqual([
    [20, 50],
    [37.5, 50],
    [55, 50],
    [72.5, 50],
  ]);
  expect(boxes[text.indexOf('<')]).toEqual([20, 42, 37.5, 82]);
});

test('the picture is the JPEG as it was, the text is not drawn', async () => {
  const pdf = Buffer.from(await toSearchablePdf({ reading: sampleReading, jpeg, resolution: 72 }, facts));
  expect(pdf.includes(jpeg)).toBe(true);
  const withoutText = { ...sampleReading, lines: [] };
  const blank = Buffer.from(await toSearchablePdf({ reading: withoutText, jpeg, resolution: 72 }, facts));
  const { PDFiumLibrary } = await import('@hyzyla/pdfium');
  const library = await PDFiumLibrary.init();
  const draw = async (bytes: Buffer) => (await (await library.loadDocument(bytes)).getPage(0).render()).data;
  expect(Buffer.compare(await draw(pdf), await draw(blank))).toBe(0);
});

test('any character can be written, more than a font holds too', async () => {
  const words = Array.from({ length: 20 }, (_, i) =>
    Array.from({ length: 20 }, (_, j) => String.fromCodePoint(0x4e00 + 20 * i + j)).join(''),
  );
  const all = [...words, 'Ωмир', '7', '😀', '𝔸𝔹'];
  const reading: Reading = {
    ...sampleReading,
    lines: all.map((text, i) => {
      const [top, bottom] = [8 * i, 8 * i + 7];
      const baseline = [
        [0, bottom],
        [400, bottom],
      ] as const;
      return lineReading([wordReading(text, 1, rectangle(0, top, 8 * text.length, bottom))], {
        polygon: rectangle(0, top, 400, bottom),
        baseline,
      });
    }),
  };
  const [{ text }] = await readPdfText(await toSearchablePdf({ reading, jpeg }, facts));
  expect(text.split(/\r\n/u)).toEqual(all);
});

test('pages follow each other, with the resolution of each', async () => {
  const pdf = await SearchablePdf.open(facts);
  const bytes = buffer(pdf.bytes);
  pdf.add({ reading: { ...sampleReading, resolution: 144 }, jpeg });
  pdf.add({ reading: { ...sampleReading, lines: [] }, jpeg });
  // No page is longer than 14,400 points.
  pdf.add({ reading: sampleReading, jpeg, resolution: 1 });
  pdf.end();
  const pages = await readPdfText(await bytes);
  expect(pages.map(({ width, height, text }) => [width, height, text.slice(0, 3)])).toEqual([
    [200, 100, 'Tom'],
    [96, 48, ''],
    [14400, 7200, 'Tom'],
  ]);
});

test('the same reading makes the same bytes', async () => {
  const write = () => toSearchablePdf({ reading: sampleReading, jpeg }, facts);
  expect(Buffer.compare(Buffer.from(await write()), Buffer.from(await write()))).toBe(0);
});

test('a picture that is no JPEG is refused', async () => {
  const png = await sharp(jpeg).png().toBuffer();
  await expect(toSearchablePdf({ reading: sampleReading, jpeg: png }, facts)).rejects.toMatchObject({
    code: 'INVALID_IMAGE',
  });
});
