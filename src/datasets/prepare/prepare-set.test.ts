import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePng } from '../../images/testing/encode-png.ts';
import { draw } from '../../images/testing/draw.ts';
import { writePages } from '../sources/pages/write-pages.ts';
import { openLines } from '../lines/line-registry.ts';
import { readStrokePack } from '../sources/stroke-pack.ts';
import { prepareSet, prepareWholePages } from './prepare-set.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'prepare-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

const picture = await encodePng(
  draw(300, 60, (x, y) => (x >= 30 && x < 226 && (x - 30) % 12 < 4 && y >= 20 && y < 40 ? 20 : 235)),
);

test('a set of IAM: of its part of the Aachen split, where recipes look for it', async () => {
  // a01-000u is in the training part of the Aachen split, c04-110 in the test part.
  await put('raw/iam-lines/ascii/lines.txt', 'a01-000u-00 ok 154 2 1 1 9 9 A|MOVE\nc04-110-00 ok 1 1 1 1 9 9 Become\n');
  for (const id of ['a01-000u-00', 'c04-110-00']) await put(`raw/iam-lines/lines/${id}.png`, picture);
  const prepared = await prepareSet('iam-train', { root });
  expect(prepared).toMatchObject({ path: join(root, 'lines', 'iam-train'), lines: 1 });
  expect(prepared.licence).toMatch(/^Non-commercial/);
  const lines = await openLines(prepared.path, { root });
  expect(lines.lines).toEqual([{ id: 'a01-000u-00', text: 'A MOVE', page: 'a01-000u' }]);
});

test('iam-extra: forms outside the Aachen split, by writers that are not held out', async () => {
  // In no part of the split: z98-000 and z99-000. In its test part: c04-110.
  const forms = ['z98-000 007 2 all 1 1 5 5', 'z99-000 008 2 all 1 1 5 5', 'c04-110 008 2 all 1 1 5 5'].join('\n');
  await put('raw/iam-lines/ascii/forms.txt', `${forms}\n`);
  const texts = ['z98-000-00', 'z99-000-00', 'c04-110-00'].map((id) => `${id} ok 154 1 1 1 9 9 word`).join('\n');
  await put('raw/iam-lines/ascii/lines.txt', `${texts}\n`);
  for (const id of ['z98-000-00', 'z99-000-00']) await put(`raw/iam-lines/lines/${id}.png`, picture);
  const { path } = await prepareSet('iam-extra', { root });
  expect((await openLines(path, { root })).lines).toEqual([
    { id: 'z98-000-00', text: 'word', page: 'z98-000', writer: '007' },
  ]);
});

test('pen paths come back as they were, without the texts of forms that IAM tests with', async () => {
  const xml = `<WhiteboardCaptureSession><StrokeSet>
    <Stroke><Point x="1000" y="-70"/><Point x="1300" y="500"/></Stroke><Stroke><Point x="900" y="30"/></Stroke>
  </StrokeSet></WhiteboardCaptureSession>`;
  for (const [form, group] of [
    ['a01-000u', 'a01-000'],
    ['c04-110z', 'c04-110'],
  ]) {
    await put(`raw/iam-ondb/lineStrokes/${form.slice(0, 3)}/${group}/${form}-01.xml`, xml);
    await put(
      `raw/iam-ondb/ascii/${form.slice(0, 3)}/${group}/${form}.txt`,
      'OCR:\n\nx\n\nCSR:\n\nBy Trevor Williams.\n',
    );
  }
  const prepared = await prepareSet('iam-ondb-strokes', { root });
  expect(prepared).toMatchObject({ lines: 1, leftOut: 1 });
  const { lines } = await readStrokePack(prepared.path);
  expect(lines.map(({ info, points, strokes }) => [info, [...points], [...strokes]])).toEqual([
    [{ id: 'a01-000u-01', text: 'By Trevor Williams.', page: 'a01-000u' }, [100, 0, 400, 570, 0, 100], [2, 1]],
  ]);
});

test('a collection of pages: those of the part, under the licence of the collection', async () => {
  const alto = (
    name: string,
    text: string,
  ) => `<alto><Description><sourceImageInformation><fileName>${name}.png</fileName>
    </sourceImageInformation></Description><Layout><Page WIDTH="300" HEIGHT="60"><TextLine ID="l" HPOS="10" VPOS="10" WIDTH="280"
    HEIGHT="40"><String CONTENT="${text}"/></TextLine></Page></Layout></alto>`;
  for (const [name, text] of [
    ['TestamentsDePoilus_will_AD78_0005-0', 'Ceci est mon Testament'],
    ['TestamentsDePoilus_will_AD78_0002-0', 'of the test part'],
  ]) {
    await put(`raw/poilus/data/batch-1/${name}.png`, picture);
    await put(`raw/poilus/data/batch-1/${name}.xml`, alto(name, text));
  }
  const prepared = await prepareSet('poilus-train', { root });
  expect(prepared).toMatchObject({ lines: 1, leftOut: 0, licence: 'CC-BY 4.0' });
  const { lines, licence } = await openLines(prepared.path, { root });
  expect(lines.map(({ text }) => text)).toEqual(['Ceci est mon Testament']);
  expect(licence).toBe('CC-BY 4.0');
  const pages = await prepareWholePages('poilus-train', { root });
  expect(pages).toMatchObject({ path: join(root, 'pages', 'poilus-train'), pages: 1, lines: 1 });
  expect(await readdir(pages.path)).toEqual(
    ['jpg', 'json'].map((type) => `poilus-TestamentsDePoilus_will_AD78_0005-0.${type}`),
  );
  // Prepared again, files keep their collection.
  const again = join(root, 'again');
  await writePages(pages.path, again, {});
  expect(await readdir(again)).toEqual(await readdir(pages.path));
  await expect(prepareWholePages('iam-train', { root })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('says what is missing, and which command makes a set', async () => {
  await expect(prepareSet('hooker-train', { root })).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
    message: expect.stringMatching(/not in .*raw.hooker\. Listed in the HTR-United catalogue/),
  });
  await expect(prepareSet('nothing', { root })).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
  await expect(openLines('hooker-train', { root })).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
    message: expect.stringContaining('`text-recognizer prepare hooker-train` makes them of hooker.'),
  });
});
