import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLinePack } from '../src/datasets/sources/line-pack.ts';
import { runServer } from '../src/server/testing/run-server.ts';
import { runCli } from './support/run-cli.ts';

/* The walk of docs/own-pages.md: photographs, PAGE XML, a pack, a model, a service. */

const root = fileURLToPath(new URL('..', import.meta.url));
const samples = join(root, 'data/line-sample');
const [pageWidth, rowHeight, rows] = [1000, 100, 3];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-pages-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Photographs of pages with three rows each, put together of the sample lines; what is written there, by page. */
async function photographOwnPages(pages: string): Promise<string[][]> {
  const texts = Object.entries(
    JSON.parse(await readFile(join(samples, 'texts.json'), 'utf8')) as Record<string, string>,
  );
  await mkdir(pages, { recursive: true });
  const written: string[][] = [];
  for (let page = 0; page < texts.length / rows; page++) {
    const lines = texts.slice(page * rows, (page + 1) * rows);
    const composite = lines.map(([file], i) => ({ input: join(samples, file), left: 20, top: i * rowHeight + 18 }));
    const background = { width: pageWidth, height: rows * rowHeight, channels: 3, background: '#e8e4da' } as const;
    const photograph = await sharp({ create: background }).composite(composite).png().toBuffer();
    // The second lies on its side, with a note of EXIF how to turn it, as phones write it.
    const turned = page === 1 ? sharp(photograph).rotate(-90).withMetadata({ orientation: 6 }) : sharp(photograph);
    await turned.jpeg().toFile(join(pages, `p${page}.jpg`));
    written.push(lines.map(([, text]) => text));
  }
  return written;
}

/** Corrects the text of each line, as one does in eScriptorium; the words keep what was read. */
async function correct(path: string, texts: readonly string[]): Promise<void> {
  const xml = await readFile(path, 'utf8');
  let line = 0;
  const corrected = xml.replaceAll(
    /(<TextEquiv[^>]*>\s*<Unicode>)[^<]*(<\/Unicode>\s*<\/TextEquiv>\s*<\/TextLine>)/gu,
    (_, before: string, after: string) => `${before}${texts[line++]}${after}`,
  );
  expect(line).toBe(texts.length);
  await writeFile(path, corrected);
}

test('from photographs to a model that reads and serves', { timeout: 240_000 }, async () => {
  const written = await photographOwnPages(join(folder, 'my-pages'));
  const run = (...args: string[]) => runCli(args, { cwd: folder });
  const read = await run('recognize', 'my-pages', '--format', 'page', '--output', 'my-pages/page', '--licence', 'free');
  expect(read, read.stderr).toMatchObject({ code: 0, stderr: expect.stringMatching(/^2 pages read: 6 lines/) });
  for (const [page, texts] of written.entries()) await correct(join(folder, `my-pages/page/p${page}.xml`), texts);
  expect(await run('prepare', 'my-pages', '--output', 'packs/mine', '--licence', 'CC0')).toMatchObject({
    code: 0,
    stdout: 'packs/mine: 6 of 6 lines, licence: CC0\n',
  });
  const { dataset } = await readLinePack(join(folder, 'packs/mine'));
  expect(dataset.lines.map(({ text }) => text)).toEqual(written.flat());
  const experiment = JSON.parse(await readFile(join(root, 'experiments/own-pages.json'), 'utf8'));
  experiment.data.train[0].validationShare = 0.5;
  experiment.training.stepsPerEpoch = 2;
  await writeFile(join(folder, 'own-pages.json'), JSON.stringify(experiment));
  const trained = await run('train', 'own-pages.json', '--epochs', '1', '--threads', '1');
  expect(trained.stderr).toMatch(/Alphabet of \d+ characters: .*\n {2}Fewer than 20 times: /);
  expect(trained, trained.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('Model: ') });
  const model = join(folder, 'runs/own-pages/model');
  expect(JSON.parse(await readFile(join(model, 'model.json'), 'utf8'))).toMatchObject({
    kind: 'line',
    alphabet: expect.any(String),
  });
  const server = await runServer({}, { models: [model] });
  try {
    const body = new Uint8Array(await readFile(join(samples, 'your-merchandise.png')));
    const answer = await fetch(`${server.url}/v1/predict`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body,
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ pred: expect.any(String) });
  } finally {
    await server.close();
  }
});
