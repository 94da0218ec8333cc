import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRunStore } from '../../../experiments/queue/run-store.ts';
import { sampleReading } from '../../../formats/testing/sample-reading.ts';
import { ReadingWriter } from '../reading-writer.ts';
import { StoredResults } from './stored-results.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'stored-'))));
afterAll(() => rm(folder, { recursive: true }));

test('a document goes on at the page where a worker died', async () => {
  const store = await openRunStore(folder);
  const input = { file: '/scans/a.pdf', name: 'sub/a' };
  const toJpeg = () => Promise.reject(new Error('Text needs no picture.'));
  const open = async () => {
    const results = await StoredResults.open(store, input.name);
    return { results, writer: new ReadingWriter(results, 'text', { joinsPages: false }) };
  };
  const first = await open();
  for (const page of [1, 2, 10]) {
    expect(first.writer.has(input, page)).toBe(false);
    await first.writer.write(input, { reading: sampleReading, number: { page, pages: 11 }, isPlain: false, toJpeg });
  }
  const { results, writer } = await open();
  expect([1, 2, 3, 10, 11].map((page) => writer.has(input, page))).toEqual([true, true, false, true, false]);
  expect(writer.has(input)).toBe(false);
  expect(results.pages.map(({ page, output }) => [page, output])).toEqual([
    [1, 'sub/a-0001.txt'],
    [2, 'sub/a-0002.txt'],
    [10, 'sub/a-0010.txt'],
  ]);
  expect(results.pages).toEqual(first.results.pages);
  await results.forgetPages();
  expect((await store.list('')).toSorted()).toEqual(['sub/a-0001.txt', 'sub/a-0002.txt', 'sub/a-0010.txt']);
});
