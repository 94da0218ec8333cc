import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PACKAGE_DATA } from '../dataset-metadata.ts';
import { readSentences } from '../sources/sentences.ts';
import { readLinePack } from '../sources/line-pack.ts';
import { openLines } from './line-registry.ts';
import { linesFromImages } from './memory-lines.ts';
import { sentenceKey, withoutOverlap } from './without-overlap.ts';

const image = { width: 2, height: 1, data: new Uint8Array(2) };
const lines = (...infos: { text: string; writer?: string; page?: string }[]) =>
  linesFromImages(
    'lines',
    infos.map(() => image),
    infos.map((info, i) => Object.assign({ id: `${i}` }, info)),
    1,
  );

test('finds writers, pages and sentences on both sides, and takes them out', () => {
  const train = lines(
    { text: 'kept', writer: '1', page: 'a' },
    { text: 'of a writer that is held out', writer: '2', page: 'b' },
    { text: 'of a page that is held out', page: 'c' },
    { text: 'A Sentence that is held out!' },
    { text: 'short one', writer: '3' },
  );
  const test = lines(
    { text: 'x', writer: '2', page: 'q' },
    { text: 'y', page: 'c' },
    { text: '"a sentence, that is held out"' },
    { text: 'short one' },
  );
  const { dataset, leftOut } = withoutOverlap(train, [test]);
  expect([leftOut, dataset.lines.map(({ text }) => text)]).toEqual([3, ['kept', 'short one']]);
});

test('the sentences for training, validation and test are disjoint', async () => {
  for (const language of ['en', 'fr']) {
    const read = (part: string) =>
      readSentences(join(fileURLToPath(PACKAGE_DATA), `sentences/${language}-${part}.txt.gz`));
    const [train, val, test] = await Promise.all(['train', 'val', 'test'].map(read));
    const letters = (list: string[]) =>
      new Set(list.map((sentence) => sentence.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')));
    const [held, tested] = [letters([...val, ...test]), letters(test)];
    expect([...letters(train)].filter((sentence) => held.has(sentence))).toEqual([]);
    expect([...letters(val)].filter((sentence) => tested.has(sentence))).toEqual([]);
  }
});

test('EMNIST lines share neither glyphs nor sentences between training, validation and test', async () => {
  const open = (part: string, sample: string) =>
    openLines(`emnist-lines-${part}`, { root: '/nowhere', characters: `emnist-sample-${sample}` });
  const [train, val, tested] = await Promise.all([open('train', 'train'), open('val', 'train'), open('test', 'test')]);
  expect([train.length, val.length, tested.length]).toEqual([10_000, 1_000, 1_000]);
  const sentencesOf = ({ lines }: typeof train) => new Set(lines.flatMap(({ text }) => sentenceKey(text) ?? []));
  const [ofTrained, ofValidated, ofTested] = [train, val, tested].map(sentencesOf);
  for (const [some, others] of [
    [ofTrained, [...ofValidated, ...ofTested]],
    [ofValidated, [...ofTested]],
  ] as const) {
    expect(others.filter((sentence) => some.has(sentence))).toEqual([]);
  }
  const glyphs = ({ source }: typeof train) => (source.kind === 'emnist-lines' ? source.characters : undefined);
  expect(glyphs(tested)).toMatchObject({ kind: 'memory', name: expect.stringContaining('test') });
  const [ofTrain, ofVal] = [train, val].map((lines) => {
    const characters = glyphs(lines);
    if (characters?.kind !== 'subset' || characters.base.kind !== 'memory') throw new Error('no subset of the sample');
    return { base: characters.base.name, items: [...characters.indices] };
  });
  expect(ofTrain.base).toBe(ofVal.base);
  // 120 images of each of 62 classes, of which 6 are kept for validation.
  expect([ofTrain.items.length, ofVal.items.length]).toEqual([62 * 114, 62 * 6]);
  expect(new Set([...ofTrain.items, ...ofVal.items]).size).toBe(62 * 120);
});

const folder = process.env.TEXT_RECOGNIZER_LINES;
const reason = 'set TEXT_RECOGNIZER_LINES to the folder of the line packs (iam-train, hooker-train, …)';
if (folder === undefined) console.log(`Not checking the line packs: ${reason}.`);

test.skipIf(folder === undefined).each([
  ['iam', 'train', ['val', 'test']],
  ['iam', 'val', ['test']],
  ['hooker', 'train', ['test']],
  ['copiste', 'train', ['test']],
])(`the packs %s-%s and %s are disjoint once cleaned (${reason})`, async (name, part, others) => {
  const read = async (part: string) => (await readLinePack(join(folder!, `${name}-${part}`))).dataset;
  const heldOut = await Promise.all(others.map(read));
  const { dataset, leftOut } = withoutOverlap(await read(part), heldOut);
  console.log(
    `${name}-${part}: ${leftOut} of ${leftOut + dataset.length} lines share something with ${others.join(', ')}`,
  );
  expect(leftOut).toBeLessThan(0.05 * dataset.length);
});
