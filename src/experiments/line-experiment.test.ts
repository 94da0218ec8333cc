import { readFile, readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createLineNetwork } from '../networks/create-line-network.ts';
import { lineAlphabet } from '../text/line-alphabet.ts';
import { parseLineExperiment } from './line-experiment.ts';
import { smallLineExperiment } from './testing/small-line-experiment.ts';

const folder = new URL('../../experiments/', import.meta.url);

const minimal = smallLineExperiment({ train: [{ lines: 'hooker-train', weight: 1, validationShare: 0.1 }] });

test('fills in what is left out', () => {
  expect(parseLineExperiment(minimal, 'it')).toMatchObject({
    description: '',
    data: { validation: [], validationLines: 250 },
    training: { augment: false, stretch: [1, 1], seed: 42, batch: { stride: 8 } },
  });
});

test('the experiments with lines that come along are sound', async () => {
  const files = (await readdir(folder)).filter((name) => name.startsWith('line-'));
  expect(files).toEqual(expect.arrayContaining(['line-recognizer-open.json', 'line-recognizer.json']));
  for (const file of files) {
    const json: unknown = JSON.parse(await readFile(new URL(file, folder), 'utf8'));
    const { name, network, training } = parseLineExperiment(json, file);
    expect(file).toMatch(new RegExp(`^${name}(-continued|-characters|-deeper|-muon)?\\.json$`));
    const { height, widthStep } = createLineNetwork(network.name, { classes: lineAlphabet.size, ...network.config });
    expect(height).toBe(name.startsWith('line-recognizer') ? 64 : 28);
    expect(training.batch.widthStep % widthStep).toBe(0);
  }
});

test.each([
  ['an unknown key', { ...minimal, data: { ...minimal.data, valid: [] } }, /Unrecognized key: "valid"/],
  [
    'a weight of nothing',
    { ...minimal, data: { train: [{ lines: 'a', weight: 0 }] } },
    /→ at data\.train\[0\]\.weight/,
  ],
  [
    'nothing to choose by',
    { ...minimal, data: { train: [{ lines: 'a', weight: 1 }] } },
    /nothing to choose the best epoch by/,
  ],
  [
    'a range upside down',
    { ...minimal, training: { ...minimal.training, stretch: [2, 1] } },
    /from the lower to the higher/,
  ],
])('says what is wrong with %s', (_, json, message) => {
  expect(() => parseLineExperiment(json, 'small.json')).toThrow(message);
});
