import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePageXml } from '../../datasets/sources/pages/parse-page-xml.ts';
import { parseXmlTree } from '../../datasets/sources/xml-tree.ts';
import { SearchablePdf } from '../../formats/searchable-pdf.ts';
import { readPdfText } from '../../formats/testing/read-pdf-text.ts';
import { sampleReading } from '../../formats/testing/sample-reading.ts';
import type { ReadingFormat } from '../../formats/write-reading.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import { recognizeFiles } from './recognize-files.ts';
import { JOURNAL } from './result-folder.ts';

const sample = (name: string) => fileURLToPath(new URL(`../../../data/line-sample/${name}.png`, import.meta.url));
const lines = ['your-merchandise', 'laid-down-the-necklace'];
let folder: string;
let recognizer: Recognizer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recognize-'));
  recognizer = await Recognizer.load({ licence: 'free' });
});

afterAll(async () => {
  await recognizer.close();
  await rm(folder, { recursive: true, force: true });
});

/** A PDF with a sample line on each page, at 300 pixels an inch. */
async function writePdf(path: string, names: readonly string[]): Promise<void> {
  const pdf = await SearchablePdf.open({ file: 'scans' });
  const bytes = buffer(pdf.bytes);
  for (const name of names) {
    const { data, info } = await sharp(sample(name)).jpeg({ quality: 95 }).toBuffer({ resolveWithObject: true });
    pdf.add({ reading: { ...sampleReading, lines: [], width: info.width, height: info.height }, jpeg: data });
  }
  pdf.end();
  await writeFile(path, await bytes);
}

interface RunOptions {
  readonly format?: ReadingFormat;
  readonly output?: string;
  readonly page?: number;
}

async function run(paths: readonly string[], options: RunOptions) {
  const out = new PassThrough();
  const printed = text(out);
  const read = { decoder: 'greedy' } as const;
  const totals = await recognizeFiles(paths, { recognizer, read, out, options: {}, ...options }).finally(() =>
    out.end(),
  );
  return { totals, printed: await printed };
}

const jsonLines = (printed: string) =>
  printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a folder with a PDF, pictures and a broken file: a result for each page, the rest when it runs again', async () => {
  const scans = join(folder, 'scans');
  await mkdir(join(scans, 'more'), { recursive: true });
  await writePdf(join(scans, 'letter.pdf'), lines);
  await copyFile(sample(lines[0]), join(scans, 'more', 'line.png'));
  await writeFile(join(scans, 'broken.png'), 'no picture');
  // As photographs are stored: on its side, with a note of EXIF how to turn it.
  const turned = sharp(sample(lines[0])).rotate(-90).withMetadata({ orientation: 6 });
  await turned.jpeg().toFile(join(scans, 'photo.jpg'));
  const size = await sharp(sample(lines[0])).metadata();
  const output = join(folder, 'out');
  const { totals, printed } = await run([scans], { format: 'page', output });
  expect(String(totals)).toMatch(
    /^4 pages read: 4 lines, 10 words, .*\n1 failure: .*broken\.png \(UNSUPPORTED_IMAGE\)\.$/,
  );
  expect(jsonLines(printed)).toMatchObject([
    { file: join(scans, 'broken.png'), error: { code: 'UNSUPPORTED_IMAGE' } },
    { file: join(scans, 'letter.pdf'), page: 1, pages: 2, output: 'letter-0001.xml', lines: 1, words: 2 },
    { page: 2, output: 'letter-0002.xml' },
    { file: join(scans, 'more/line.png'), output: 'more/line.xml' },
    { output: 'photo.xml' },
  ]);
  const page = async (name: string) => parsePageXml(parseXmlTree(await readFile(join(output, name), 'utf8')));
  // Pages of a PDF and turned photographs lie beside their XML as other programs can open them.
  const letter = await page('letter-0001.xml');
  const { width, height } = await sharp(join(output, 'letter-0001.jpg')).metadata();
  expect(letter).toMatchObject({ imageFile: 'letter-0001.jpg', size: { width, height }, lines: [{}] });
  expect(await page('more/line.xml')).toMatchObject({
    imageFile: 'line.png',
    size: { width: size.width, height: size.height },
  });
  expect(await page('photo.xml')).toMatchObject({ imageFile: 'photo.jpg', size: { width: size.width }, lines: [{}] });
  expect(await sharp(join(output, 'photo.jpg')).metadata()).toMatchObject({ width: size.width });

  const again = await run([scans], { format: 'page', output });
  expect(String(again.totals)).toContain('4 pages read (4 of them before): 4 lines, 10 words');
  expect(jsonLines(again.printed)).toMatchObject([{ error: { code: 'UNSUPPORTED_IMAGE' } }]);
  await expect(run([scans], { format: 'json', output })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('pages of text have a form feed between them', async () => {
  const { printed } = await run(lines.map(sample), { format: 'text' });
  expect(printed).toMatch(/^[^\f\n]+\n\f[^\f\n]+\n$/);
});

test('JSON of each page of a PDF, with its number and resolution', async () => {
  const pdf = join(folder, 'two.pdf');
  await writePdf(pdf, lines);
  const { printed } = await run([pdf], { format: 'json' });
  expect(jsonLines(printed)).toMatchObject([
    { file: pdf, text: 'your merchandise', page: 1, pages: 2, resolution: 300, lines: [{ words: [{}, {}] }] },
    { page: 2, pages: 2, lines: [{}] },
  ]);
  const second = await run([pdf], { format: 'page', page: 2 });
  expect(second.printed).toContain('<Page imageFilename=');
  const none = await run([pdf], { format: 'json', page: 3 });
  expect(jsonLines(none.printed)).toMatchObject([{ file: pdf, page: 3, error: { code: 'INVALID_ARGUMENT' } }]);
});

test('searchable PDFs: one of each picture, and one of all pages of a document', async () => {
  const pdf = join(folder, 'both.pdf');
  await writePdf(pdf, lines);
  const output = join(folder, 'pdf');
  const { printed } = await run([sample(lines[0]), pdf], { format: 'pdf', output });
  expect(jsonLines(printed).map((entry) => entry.output)).toEqual([
    `${lines[0]}.pdf`,
    'both-0001.json',
    'both-0002.json',
    'both.pdf',
  ]);
  const texts = async (name: string) => (await readPdfText(await readFile(join(output, name)))).map(({ text }) => text);
  expect(await texts(`${lines[0]}.pdf`)).toEqual(['your merchandise']);
  const pages = await texts('both.pdf');
  expect([pages.length, pages[0]]).toEqual([2, 'your merchandise']);
  // Killed before it was put together, it is from what is there.
  await rm(join(output, 'both.pdf'));
  const journal = (await readFile(join(output, JOURNAL), 'utf8')).replace('{"finished":"both"}\n', '');
  await writeFile(join(output, JOURNAL), journal);
  const again = await run([sample(lines[0]), pdf], { format: 'pdf', output });
  expect(jsonLines(again.printed)).toEqual([{ file: pdf, pages: 2, output: 'both.pdf' }]);
  expect(await texts('both.pdf')).toEqual(pages);
  const second = await run([pdf], { format: 'pdf', output: join(folder, 'second'), page: 2 });
  expect(jsonLines(second.printed)).toMatchObject([{ page: 2, output: 'both-0002.pdf' }]);
});

test.each(['hocr', 'alto', 'page', 'pdf'] as const)('%s of several pages needs a folder', async (format) => {
  await expect(run(lines.map(sample), { format })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('--output'),
  });
});

test('a page whose JSON was damaged fails, and leaves no part of a PDF', async () => {
  const pdf = join(folder, 'damaged.pdf');
  await writePdf(pdf, lines);
  const output = join(folder, 'damaged');
  await run([pdf], { format: 'pdf', output });
  await rm(join(output, 'damaged.pdf'));
  await writeFile(join(output, 'damaged-0002.json'), '{');
  const journal = (await readFile(join(output, JOURNAL), 'utf8')).replace('{"finished":"damaged"}\n', '');
  await writeFile(join(output, JOURNAL), journal);
  const { totals, printed } = await run([pdf], { format: 'pdf', output });
  expect(totals.failures).toBe(1);
  expect(jsonLines(printed)).toMatchObject([{ file: pdf, error: { code: 'FILE_CORRUPT' } }]);
  expect((await readdir(output)).toSorted()).toEqual(['damaged-0001.json', 'damaged-0002.json', JOURNAL]);
});
