import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodePng } from '../../../images/testing/encode-png.ts';
import { draw } from '../../../images/testing/draw.ts';
import { BadFiles } from '../bad-files.ts';
import { cutPageLines } from './cut-page-lines.ts';
import { findPages, type FindPagesOptions } from './find-pages.ts';
import { readPageTranscript } from './page-transcript.ts';
import { writePages } from './write-pages.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-pages-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** Two rows of upright strokes, from y = 20 and 70, on a page of 300 × 200. */
const picture = await encodePng(
  draw(300, 200, (x, y) =>
    x >= 30 && x < 226 && (x - 30) % 12 < 4 && [20, 70].some((top) => y >= top && y < top + 20) ? 20 : 235,
  ),
);

const textLine = (id: string, text: string, points: string, baseline = '') =>
  `<TextLine id="${id}"><Coords points="${points}"/>${baseline && `<Baseline points="${baseline}"/>`}<TextEquiv><Unicode>${text}</Unicode></TextEquiv></TextLine>`;
const first = textLine('a', 'première', '10,10 290,10 290,50 10,50', '30,40 226,40');
const pageXml = (inside: string, image = 'a.png') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<PcGts><Page imageFilename="${image}" imageWidth="300" imageHeight="200"><TextRegion>${inside}</TextRegion></Page></PcGts>`;

async function find(options: FindPagesOptions = {}) {
  const notices: string[] = [];
  const all = { ...options, onNotice: (notice: string) => notices.push(notice) };
  const bad = new BadFiles(all);
  const pages = await findPages(folder, all, bad);
  bad.report(folder);
  return {
    pages,
    notices,
    places: pages.map(({ path, transcript }) => [path.slice(folder.length + 1), transcript.id]),
  };
}

test('pictures beside the XML, in the folder above, elsewhere; by the name that the XML has, or its own', async () => {
  await put('beside/a.png', picture);
  await put('beside/x.xml', pageXml(first));
  await put('transkribus/b.JPG', picture);
  await put('transkribus/page/b.xml', pageXml(first, 'C:\\scans\\other.jpg'));
  await put('transkribus/mets.xml', '<mets:mets xmlns:mets="m"/>');
  await put('images/c.tif', picture);
  await put('xml/c.xml', pageXml(first, 'c.png'));
  await put('xml/._c.xml', 'of macOS');
  const { places, notices } = await find();
  expect(places).toEqual([
    ['beside/a.png', 'x'],
    ['transkribus/b.JPG', 'b'],
    ['images/c.tif', 'c'],
  ]);
  expect(notices).toEqual([]);
});

test('only some pages; pages of one name are called by their folders', async () => {
  for (const place of ['one', 'two']) {
    await put(`${place}/f14.png`, picture);
    await put(`${place}/f14.xml`, pageXml(first, 'f14.png'));
  }
  await put('g.png', picture);
  await put('g.xml', pageXml(first, 'g.png'));
  expect((await find({ only: new Set(['f14']) })).places.map(([, id]) => id)).toEqual(['one-f14', 'two-f14']);
  expect((await find({ prefix: 'g' })).places.map(([, id]) => id)).toEqual(['g']);
});

test.each([
  ['UTF-16 with a mark', Buffer.from(`\ufeff${pageXml(first).replace('UTF-8', 'UTF-16')}`, 'utf16le')],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${pageXml(first)}`)],
  ['Latin-1', Buffer.from(pageXml(first).replace('UTF-8', 'ISO-8859-1'), 'latin1')],
])('XML in %s', async (_, bytes) => {
  await put('a.png', picture);
  await put('a.xml', bytes);
  const { pages } = await find();
  expect(pages[0].transcript).toEqual({
    id: 'a',
    licence: 'unknown',
    width: 300,
    height: 200,
    lines: [
      {
        text: 'première',
        polygon: [
          [10, 10],
          [290, 10],
          [290, 50],
          [10, 50],
        ],
        baseline: [
          [30, 40],
          [226, 40],
        ],
      },
    ],
    omitted: [],
  });
});

test('bad files and lines are named with the line of the file, refused or skipped', async () => {
  await put('a.png', picture);
  await put('a.xml', pageXml(`${first}\n${textLine('b', 'nowhere', '1,1 2')}`));
  await put('broken.xml', '<PcGts>\n<Page>');
  await put('lost.xml', pageXml(first, 'lost.png'));
  await put('other.xml', '<html/>');
  await expect(find()).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/a\.xml: line 3, TextLine b: "1,1 2" is not a list of points x,y\. .*--skip-bad/),
  });
  const { places, notices } = await find({ skipBad: true });
  expect(places).toEqual([['a.png', 'a']]);
  expect(notices).toEqual([
    expect.stringMatching(
      /3 files and 1 line are skipped:\n.*a\.xml: line 3.*\n.*broken\.xml: .*\(line \d\)\n.*lost\.xml: There is no picture lost\.png.*\n.*other\.xml: .*its root is html/,
    ),
  ]);
});

test('pictures without a transcript are told', async () => {
  await put('a.png', picture);
  await put('a.xml', pageXml(first));
  await put('cover.png', picture);
  expect((await find()).notices).toEqual([`${folder}: there is no transcript of cover.png.`]);
});

test('ALTO in tenths of millimetres is brought to pixels of the picture', async () => {
  await put('a.png', picture);
  await put(
    'a.xml',
    `<alto><Description><MeasurementUnit>mm10</MeasurementUnit></Description><Layout><Page WIDTH="600" HEIGHT="100">
      <TextLine ID="l" HPOS="20" VPOS="5" WIDTH="560" HEIGHT="20"><String CONTENT="x"/></TextLine></Page></Layout></alto>`,
  );
  const { pages } = await find();
  expect(pages[0].transcript).toMatchObject({ width: 300, height: 200 });
  expect(pages[0].transcript.lines[0].polygon).toEqual([
    [10, 10],
    [290, 10],
    [290, 50],
    [10, 50],
  ]);
});

test('lines are cut out of PAGE XML; empty ones, steep ones and those beyond the page are left out', async () => {
  await put('a.png', picture);
  await put(
    'a.xml',
    pageXml(
      [
        textLine('u', '', '10,100 290,100 290,140 10,140'),
        first,
        textLine('v', 'upright', '240,60 290,60 290,190 240,190', '280,190 280,60'),
        textLine('o', 'outside', '310,10 390,10 390,50 310,50'),
        textLine('r', 'back to front', '10,60 290,60 290,100 10,100', '226,90 30,90'),
      ].join(''),
    ),
  );
  const notices: string[] = [];
  const onNotice = (notice: string) => notices.push(notice);
  const { dataset, licence, leftOut } = await cutPageLines(folder, { name: 'x', licence: 'CC0', onNotice });
  expect(dataset.lines).toEqual([
    { id: 'a#0', text: 'première', page: 'a' },
    { id: 'a#3', text: 'back to front', page: 'a' },
  ]);
  expect([licence, leftOut]).toEqual(['CC0', 3]);
  expect(notices).toEqual([
    expect.stringContaining('lines 2 (from 0) reach over the edge of the page and are left out.'),
    expect.stringContaining('lines 1 (from 0) are more than 30° from level and are left out.'),
  ]);
  const whole = await cutPageLines(folder, { name: 'x', whole: true });
  // Polygons of 280 × 40 with a margin of 5, at a height of 64: 290 × 64 / 50.
  expect([whole.dataset.height, whole.dataset.width(0)]).toEqual([64, 371]);
});

test('pages in one form: pictures made smaller, places with them', async () => {
  await put('in/a.png', picture);
  await put(
    'in/a.xml',
    pageXml(first + textLine('o', 'beyond', '280,60 340,60 340,80 280,80') + textLine('u', '', '1,2 9,2 9,8')),
  );
  const output = join(folder, 'out');
  const written = await writePages(join(folder, 'in'), output, { maxSide: 150, licence: 'CC0' });
  expect(written).toEqual({ pages: 1, lines: 1, licence: 'CC0' });
  expect(await sharp(join(output, 'a.jpg')).metadata()).toMatchObject({
    format: 'jpeg',
    width: 150,
    height: 100,
    channels: 1,
  });
  expect(await readPageTranscript(join(output, 'a.json'))).toEqual({
    id: 'a',
    licence: 'CC0',
    width: 150,
    height: 100,
    lines: [
      {
        text: 'première',
        polygon: [
          [5, 5],
          [145, 5],
          [145, 25],
          [5, 25],
        ],
        baseline: [
          [15, 20],
          [113, 20],
        ],
      },
    ],
    omitted: [
      {
        polygon: [
          [140, 30],
          [150, 30],
          [150, 40],
          [140, 40],
        ],
      },
      {
        polygon: [
          [1, 1],
          [5, 1],
          [5, 4],
        ],
      },
    ],
  });
  expect((await cutPageLines(output, { name: 'x' })).dataset.lines.map(({ text }) => text)).toEqual(['première']);
});

test('a picture of another shape is refused', async () => {
  await put('a.png', picture);
  await put('a.xml', pageXml(first).replace('imageHeight="200"', 'imageHeight="300"'));
  await expect(writePages(folder, join(folder, 'out'), {})).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('300×200 pixels, its transcript speaks of 300×300'),
  });
});
