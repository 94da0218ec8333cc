import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodePng } from '../../../images/testing/encode-png.ts';
import { draw } from '../../../images/testing/draw.ts';
import { cutPageLines } from './cut-page-lines.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const box = (top: number, bottom: number) => [
  [10, top],
  [290, top],
  [290, bottom],
  [10, bottom],
];

const page = {
  id: 'letter 1',
  licence: 'CC0',
  width: 300,
  height: 200,
  lines: [
    { text: 'first  ', polygon: box(10, 50) },
    { text: 'struck #out', polygon: box(60, 100) },
    { text: '', polygon: box(60, 100) },
    { text: 'cut', polygon: box(105, 115) },
    { text: 'cafe\u0301', polygon: box(110, 150) },
  ],
};

/** A page with a row of upright strokes, 20 pixels high and from x = 30 to 226, in each line. */
async function writePage(name: string, transcript: object = page): Promise<void> {
  const picture = draw(300, 200, (x, y) =>
    x >= 30 && x < 226 && (x - 30) % 12 < 4 && [20, 70, 120].some((top) => y >= top && y < top + 20) ? 20 : 235,
  );
  await writeFile(join(folder, `${name}.png`), await encodePng(picture));
  await writeFile(join(folder, `${name}.json`), JSON.stringify(transcript));
}

test('lines come through the stem, with their page; those that do not say what to read are left out', async () => {
  await writePage('a-1');
  await writePage('b-1', { ...page, id: 'letter 2', licence: 'CC-BY 4.0' });
  const { dataset, licence, leftOut } = await cutPageLines(folder, { name: 'letters' });
  expect([licence, leftOut]).toEqual(['CC0; CC-BY 4.0', 6]);
  expect(dataset.lines).toEqual([
    { id: 'letter 1#0', text: 'first', page: 'letter 1' },
    { id: 'letter 1#4', text: 'café', page: 'letter 1' },
    { id: 'letter 2#0', text: 'first', page: 'letter 2' },
    { id: 'letter 2#4', text: 'café', page: 'letter 2' },
  ]);
  // The 196 columns of strokes are enlarged twice, the stem's limit, and have margins of 4 pixels beside them.
  expect(Math.abs(dataset.width(0) - 400)).toBeLessThanOrEqual(3);
  expect(dataset.height).toBe(64);
});

test('only pages that begin as asked for', async () => {
  await writePage('a-1');
  await writePage('b-1');
  expect((await cutPageLines(folder, { name: 'letters', prefix: 'b-' })).dataset.length).toBe(2);
});

const off = (left: number, top: number) => [
  [left, top],
  [left + 280, top],
  [left + 280, top + 40],
  [left, top + 40],
];

test('a line that reaches over the edge is clipped, one that is not on the page is left out with a notice', async () => {
  const places = [
    off(10, 10),
    off(30, 60),
    off(1000, 60),
    off(10, -300),
    off(150, 60),
    [
      [10, 110],
      [290, 110],
      [150, 110],
    ],
  ];
  await writePage('a', { ...page, lines: places.map((polygon, i) => ({ text: `line ${i}`, polygon })) });
  const notices: string[] = [];
  const { dataset, leftOut } = await cutPageLines(folder, { name: 'x', onNotice: (notice) => notices.push(notice) });
  expect(dataset.lines.map(({ text }) => text)).toEqual(['line 0', 'line 1']);
  expect(leftOut).toBe(4);
  expect(notices).toEqual([expect.stringMatching(/a\.png: lines 2, 3, 4 \(from 0\) reach over the edge/)]);
});

test('two pages of one id are refused, both named', async () => {
  await writePage('a');
  await writePage('b');
  await expect(cutPageLines(folder, { name: 'x', skipBad: true })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/a\.png and .*b\.png have the same id, "letter 1"/),
  });
});

test('files that cannot be read are named, and skipped if asked for; files of the system always are', async () => {
  await writePage('a');
  await writePage('b', { ...page, id: 'letter 2' });
  await writePage('c', { ...page, id: 'letter 3' });
  await writeFile(join(folder, 'b.png'), '');
  await writeFile(join(folder, 'c.json'), '');
  await writeFile(join(folder, '._a.png'), 'of macOS');
  await writeFile(join(folder, 'alone.json'), JSON.stringify(page));
  await expect(cutPageLines(folder, { name: 'x' })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/c\.json is not JSON: .* --skip-bad/),
  });
  const notices: string[] = [];
  const onNotice = (notice: string) => notices.push(notice);
  expect((await cutPageLines(folder, { name: 'x', skipBad: true, onNotice })).dataset.length).toBe(2);
  expect(notices).toEqual([
    expect.stringContaining('pictures are missing for alone.json'),
    expect.stringMatching(/: 2 files are skipped:\n.*c\.json is not JSON.*\n.*b\.png" is empty/),
  ]);
});

test('a transcript may have a byte-order mark', async () => {
  await writePage('a');
  await writeFile(join(folder, 'a.json'), `\ufeff${JSON.stringify(page)}`);
  expect((await cutPageLines(folder, { name: 'x' })).dataset.length).toBe(2);
});

test('says what is wrong with a folder', async () => {
  const cut = (prefix?: string) => cutPageLines(folder, { name: 'letters', prefix });
  await expect(cut()).rejects.toMatchObject({ code: 'DATASET_INVALID', message: expect.stringContaining('no lines') });
  await writePage('wide', { ...page, width: 600 });
  await expect(cut('wide')).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('300×200 pixels, its transcript speaks of 600×200'),
  });
  await writePage('odd', { ...page, lines: [{ text: 'no polygon' }] });
  await expect(cut('odd')).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('polygon'),
  });
  await writeFile(join(folder, 'odd.json'), '{');
  await expect(cut('odd')).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('not JSON'),
  });
  await rm(join(folder, 'odd.json'));
  await expect(cut('odd')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(cutPageLines(join(folder, 'none'), { name: 'letters' })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
});
