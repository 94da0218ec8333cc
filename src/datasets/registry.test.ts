import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_DATA, readDatasetMetadata } from './dataset-metadata.ts';
import type { Dataset } from './dataset.ts';
import { downloadDataset, downloadableDatasets } from './sources/download-dataset.ts';
import { encodeIdxGzip } from './sources/idx.ts';
import { loadIdxPair } from './sources/load-idx-pair.ts';
import { looksTransposed } from './sources/looks-transposed.ts';
import { openDataset, prepareShards } from './registry.ts';
import { subset } from './subset.ts';

const SAMPLE = join(fileURLToPath(PACKAGE_DATA), 'emnist-sample');

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'registry-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function pixels(dataset: Dataset, items: number[]): Uint8Array {
  const images = new Uint8Array(items.length * dataset.height * dataset.width);
  dataset.read(items, images);
  return images;
}

test('the bundled sample has every class, equally often, and shares nothing between its parts', async () => {
  const train = await openDataset('emnist-sample-train', { root });
  const test = await openDataset('emnist-sample-test', { root });
  for (const [dataset, perClass] of [
    [train, 120],
    [test, 24],
  ] as const) {
    const counts = Array.from({ length: 62 }, () => 0);
    for (const label of dataset.labels) counts[label]++;
    expect(counts).toEqual(Array(62).fill(perClass));
    expect(dataset).toMatchObject({ height: 28, width: 28 });
    expect(looksTransposed(dataset)).toBe(false);
  }
  const digests = (dataset: Dataset) =>
    Array.from({ length: dataset.length }, (_, item) =>
      createHash('sha256')
        .update(pixels(dataset, [item]))
        .digest('base64'),
    );
  const seen = new Set(digests(train));
  expect(digests(test).filter((digest) => seen.has(digest))).toEqual([]);
});

test('the plain single images are images of the sample', async () => {
  const { default: sharp } = await import('sharp');
  const dataset = await openDataset('emnist-sample-test', { root });
  const file = await sharp(join(SAMPLE, 'images', 'upper-B.png'))
    .greyscale()
    .raw()
    .toBuffer();
  const found = [...dataset.labels.keys()].find((item) => file.equals(pixels(dataset, [item])));
  expect(dataset.classes[dataset.labels[found!]]).toBe('B');
});

/** Part of the sample as NIST would publish it: labels and images in idx files, rows and columns exchanged. */
async function nistFiles(folder: string, name: string, labels?: number[]): Promise<void> {
  const sample = await loadIdxPair(join(SAMPLE, 'emnist-sample-test'), { transpose: true });
  const digits = [...sample.labels.keys()].filter((item) => sample.labels[item] < 10);
  const part = subset(sample, digits);
  const bytes = pixels(part, [...part.labels.keys()]);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}-images-idx3-ubyte.gz`), encodeIdxGzip([part.length, 28, 28], bytes));
  const own = Uint8Array.from(labels ?? part.labels);
  await writeFile(join(folder, `${name}-labels-idx1-ubyte.gz`), encodeIdxGzip([own.length], own));
}

test('opens a prefix and turns lying images upright', async () => {
  const prefix = join(root, 'mine');
  await nistFiles(root, 'mine');
  const lying = await loadIdxPair(prefix);
  expect(looksTransposed(lying)).toBe(true);
  const dataset = await openDataset(prefix, { root });
  expect(dataset).toMatchObject({ name: 'mine', length: 240 });
  expect(looksTransposed(dataset)).toBe(false);

  await cp(`${SAMPLE}/emnist-sample-test-images-idx3-ubyte.gz`, join(root, 'up-images-idx3-ubyte.gz'));
  await cp(`${SAMPLE}/emnist-sample-test-labels-idx1-ubyte.gz`, join(root, 'up-labels-idx1-ubyte.gz'));
  const upright = await openDataset(join(root, 'up'), { root });
  const same = await openDataset('emnist-sample-test', { root });
  expect(pixels(upright, [0, 1, 2])).toEqual(pixels(same, [0, 1, 2]));
});

test('files that are named after a split get its classes', async () => {
  const folder = join(root, 'letters');
  await nistFiles(
    folder,
    'emnist-letters-test',
    Array.from({ length: 240 }, (_, item) => 1 + (item % 26)),
  );
  const dataset = await openDataset(join(folder, 'emnist-letters-test'), { root });
  expect(dataset.classes.join('')).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  expect([...dataset.labels.subarray(0, 3)]).toEqual([0, 1, 2]);
});

test('a named split is read from NIST files, then from shards', async () => {
  const home = join(root, 'home');
  await nistFiles(join(home, 'raw', 'emnist'), 'emnist-digits-test');
  const dataset = await openDataset('emnist-digits-test', { root: home });
  expect(dataset).toMatchObject({ name: 'emnist-digits-test', length: 240, source: { kind: 'memory' } });
  expect(looksTransposed(dataset)).toBe(false);

  const folder = await prepareShards('emnist-digits-test', { root: home });
  expect(await prepareShards('emnist-digits-test', { root: home })).toBe(folder);
  const shards = await openDataset('emnist-digits-test', { root: home });
  expect(shards).toMatchObject({ name: 'emnist-digits-test', length: 240, source: { kind: 'shards' } });
  expect(pixels(shards, [5, 3])).toEqual(pixels(dataset, [5, 3]));
  expect((await openDataset(folder, { root })).length).toBe(240);
});

test.each([
  [
    'emnist-byclass-tset',
    'did you mean emnist-byclass-test? The data sets are emnist-sample-train, emnist-sample-test',
  ],
  ['no/such/prefix', 'There is neither no/such/prefix-images-idx3-ubyte.gz with its labels'],
  ['emnist-byclass-train', 'Fetch it with `text-recognizer download emnist`'],
])('says what would help where %s is not found', async (name, message) => {
  await expect(openDataset(name, { root })).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
    message: expect.stringContaining(message),
  });
});

test('the metadata of EMNIST is complete', () => {
  const emnist = downloadableDatasets().find(({ name }) => name === 'emnist')!;
  expect(emnist.files).toEqual([
    {
      url: 'https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip',
      file: 'gzip.zip',
      bytes: 561_753_746,
      sha256: 'fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e',
    },
  ]);
  expect(() => readDatasetMetadata('imagenet')).toThrow('There is no data set imagenet to download.');
});

test('downloads what the metadata names, verified', async () => {
  const content = Buffer.from('an archive');
  const server = createServer((_, response) => response.end(content));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const files = [{ url: `http://127.0.0.1:${port}/a.zip`, file: 'a.zip', bytes: content.length, sha256 }];
    const homepage = 'https://example.org';
    const toy = { name: 'toy', title: 'Toy', homepage, licence: 'CC0', citation: 'None.', files };
    await mkdir(join(root, 'metadata', 'toy'), { recursive: true });
    await writeFile(join(root, 'metadata', 'toy', 'metadata.json'), JSON.stringify(toy));
    const metadata = pathToFileURL(`${join(root, 'metadata')}/`);
    const paths = await downloadDataset('toy', { root, metadata });
    expect(paths).toEqual([join(root, 'raw', 'toy', 'a.zip')]);
    expect(await readFile(paths[0], 'utf8')).toBe('an archive');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
