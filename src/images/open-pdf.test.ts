import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { imageLimits, type ImageLimits } from './image-limits.ts';
import { openPdf } from './open-pdf.ts';
import { makePdf, pdfOfPages, pdfStream } from './testing/make-pdf.ts';

const open = (bytes: Uint8Array, limits: Partial<ImageLimits> = {}) =>
  openPdf({ format: 'PDF', name: 'a.pdf', bytes, limits: imageLimits(limits) });

test('a page at 300 pixels an inch, in colour', async () => {
  // Two inches by one, the lower left inch black.
  const { width, height, resolution, channels, data } = await (await open(pdfOfPages([[144, 72]]))).draw(1);
  expect([width, height, resolution, channels]).toEqual([600, 300, 300, 4]);
  const pixel = (x: number) => [...data.subarray(4 * (150 * 600 + x), 4 * (150 * 600 + x) + 3)];
  expect([pixel(150), pixel(450)]).toEqual([
    [0, 0, 0],
    [255, 255, 255],
  ]);
});

test.each([
  ['100,000 points square', 100_000, 100_000, 4096, 4096],
  ['a hair', 100_000, 0.5, 4096, 1],
  ['a dot', 0.1, 0.1, 1, 1],
])('%s is drawn within the limits', async (_, width, height, drawnWidth, drawnHeight) => {
  const page = await (await open(pdfOfPages([[width, height]]))).draw(1);
  expect([page.width, page.height]).toEqual([drawnWidth, drawnHeight]);
  expect(page.resolution).toBeLessThanOrEqual(300);
});

test('no more pixels than the limit', async () => {
  const { width, height, resolution } = await (await open(pdfOfPages([[720, 720]]), { maxPixels: 1_000_000 })).draw(1);
  expect([width, height, resolution]).toEqual([1000, 1000, 100]);
});

test('an encrypted one says so', async () => {
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({ userPassword: 'secret', font: '' });
  const bytes = buffer(document);
  document.end();
  await expect(open(await bytes)).rejects.toMatchObject({
    code: 'UNSUPPORTED_IMAGE',
    message: 'a.pdf is encrypted. Save it without a password first.',
  });
});

const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
const one = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const page = (resources = '') =>
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] /Resources << ${resources} >> /Contents 4 0 R >>`;
const million = '<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>';

test.each([
  ['cut short', pdfOfPages([[72, 72]]).subarray(0, 120), 'INVALID_IMAGE', /damaged or no PDF/],
  ['without pages', makePdf([catalog, '<< /Type /Pages /Kids [] /Count 0 >>']), 'INVALID_IMAGE', /has no pages/],
  [
    'with a million pages',
    makePdf([catalog, million, page(), pdfStream('')]),
    'IMAGE_TOO_LARGE',
    /1000000 pages, more/,
  ],
])('one %s is refused', async (_, bytes, code, message) => {
  await expect(open(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('a page tree that is its own child has no page to draw', async () => {
  const file = await open(makePdf([catalog, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']));
  await expect(file.draw(1)).rejects.toMatchObject({ code: 'INVALID_IMAGE', message: /Page 1 of a.pdf is damaged/ });
});

test('a form that draws itself ends', async () => {
  const form = pdfStream(
    '/F Do',
    '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>',
  );
  const pdf = makePdf([catalog, one, page('/XObject << /F 5 0 R >>'), pdfStream('/F Do'), form]);
  expect((await (await open(pdf)).draw(1)).width).toBe(300);
});

test('an image of more pixels than memory holds is left out', async () => {
  const image = '/Type /XObject /Subtype /Image /Width 65000 /Height 65000 /ColorSpace /DeviceRGB /BitsPerComponent 8';
  const content = pdfStream('72 0 0 72 0 0 cm /I Do');
  const pdf = makePdf([catalog, one, page('/XObject << /I 5 0 R >>'), content, pdfStream('\0', image)]);
  expect((await (await open(pdf)).draw(1)).width).toBe(300);
});
