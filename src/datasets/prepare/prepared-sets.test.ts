import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PACKAGE_DATA, readDatasetMetadata } from '../dataset-metadata.ts';
import { PREPARED_NAMES, preparedSet } from './prepared-sets.ts';

const pageSets = PREPARED_NAMES.flatMap((name) => {
  const set = preparedSet(name);
  return set?.kind === 'pages' ? [{ name, ...set }] : [];
});

const listOf = (source: string, list: string): readonly string[] =>
  JSON.parse(readFileSync(new URL(`${source}/pages.json`, PACKAGE_DATA), 'utf8'))[list];

test.each(pageSets)('$name: its pages are listed once, with their licence and source', ({ source, list }) => {
  const pages = listOf(source, list);
  expect(pages.length).toBeGreaterThan(0);
  expect(new Set(pages).size).toBe(pages.length);
  expect(readDatasetMetadata(source)).toMatchObject({ licence: expect.stringMatching(/^CC-BY/), name: source });
});

test('no page is trained on and tested on', () => {
  const parts = pageSets.filter(({ list }) => list.endsWith('train'));
  for (const { name, source, list } of parts) {
    const test = pageSets.find((set) => set.source === source && set.list === list.replace('train', 'test'));
    const trained = new Set(listOf(source, list));
    const both = test === undefined ? [] : listOf(source, test.list).filter((page) => trained.has(page));
    expect([name, both]).toEqual([name, []]);
  }
});
