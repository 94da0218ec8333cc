import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runServer } from '../src/server/testing/run-server.ts';
import { runCli } from './support/run-cli.ts';

/* The walk of docs/training.md on one's own pages: PAGE XML and pictures, a pack, a model, a reading, a service. */

const root = fileURLToPath(new URL('..', import.meta.url));
const samples = join(root, 'data/line-sample');
const [pageWidth, rowHeight, rows] = [1000, 100, 3];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-pages-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Pages of three rows each, put together of the sample lines, with PAGE XML as Transkribus lays it out. */
async function writeOwnPages(pages: string): Promise<void> {
  const texts = Object.entries(
    JSON.parse(await readFile(join(samples, 'texts.json'), 'utf8')) as Record<string, string>,
  );
  await mkdir(join(pages, 'page'), { recursive: true });
  for (let page = 0; page < texts.length / rows; page++) {
    const lines = texts.slice(page * rows, (page + 1) * rows);
    const composite = lines.map(([file], i) => ({ input: join(samples, file), left: 20, top: i * rowHeight + 18 }));
    const background = { width: pageWidth, height: rows * rowHeight, channels: 3, background: '#e8e4da' } as const;
    await sharp({ create: background })
      .composite(composite)
      .jpeg()
      .toFile(join(pages, `p${page}.jpg`));
    const xml = lines.map(([, text], i) => {
      const [top, bottom] = [i * rowHeight + 10, (i + 1) * rowHeight - 10];
      const points = `10,${top} 990,${top} 990,${bottom} 10,${bottom}`;
      return `<TextLine id="l${i}"><Coords points="${points}"/><TextEquiv><Unicode>${text}</Unicode></TextEquiv></TextLine>`;
    });
    await writeFile(
      join(pages, 'page', `p${page}.xml`),
      `<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15"><Page imageFilename="p${page}.jpg" imageWidth="${pageWidth}" imageHeight="${rows * rowHeight}"><TextRegion id="r">${xml.join('\n')}</TextRegion></Page></PcGts>`,
    );
  }
}

test('from pages with PAGE XML to a model that reads and serves', { timeout: 240_000 }, async () => {
  await writeOwnPages(join(folder, 'my-pages'));
  const run = (...args: string[]) => runCli(args, { cwd: folder });
  expect(await run('prepare', 'my-pages', '--output', 'packs/mine', '--licence', 'CC0')).toMatchObject({
    code: 0,
    stdout: 'packs/mine: 6 of 6 lines, licence: CC0\n',
  });
  const experiment = JSON.parse(await readFile(join(root, 'experiments/own-pages.json'), 'utf8'));
  experiment.data.train[0].validationShare = 0.5;
  experiment.training.stepsPerEpoch = 2;
  await writeFile(join(folder, 'own-pages.json'), JSON.stringify(experiment));
  const trained = await run('train', 'own-pages.json', '--epochs', '1', '--threads', '1');
  expect(trained.stderr).toMatch(/Alphabet of \d+ characters: .*\n {2}Less than 20 times: /);
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
