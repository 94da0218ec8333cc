import { readFile, readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createNetwork } from '../networks/create-network.ts';
import { parseCharacterExperiment } from './character-experiment.ts';

const folder = new URL('../../experiments/', import.meta.url);

const minimal = {
  name: 'small',
  network: { name: 'mlp' },
  data: { train: ['emnist-sample-train'] },
  training: {
    epochs: 2,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'constant', learningRate: 0.001 },
  },
};

test('fills in what is left out', () => {
  expect(parseCharacterExperiment(JSON.stringify(minimal), 'it')).toMatchObject({
    description: '',
    network: { config: {} },
    data: { validationShare: 0.05, matchClassFrequencies: true, notes: {} },
    training: { batchSize: 256, labelSmoothing: 0, augment: false, seed: 42 },
  });
});

test('the experiments that come along are sound', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('line-'));
  expect(files).toEqual(expect.arrayContaining(['character-cnn.json', 'lenet.json', 'mlp.json']));
  for (const file of files) {
    const { name, network } = parseCharacterExperiment(await readFile(new URL(file, folder), 'utf8'), file);
    expect(file).toMatch(new RegExp(`^${name}(-anneal|-deeper|-plain|-taught)*\\.json$`));
    expect(createNetwork(network.name, { classes: 62, ...network.config }).name).toBe(network.name);
  }
});

test.each([
  ['no JSON', '{', /^small\.json is not JSON: /],
  ['an unknown key', changed({ optimiser: 'adam' }), /Unrecognized key: "optimiser"/],
  ['an upper-case name', changed({ name: 'My Model' }), /lower-case letters, digits, dots and dashes[^]*→ at name/],
  ['no data', changed({ data: { train: [] } }), /→ at data\.train/],
  ['all kept aside', changed({ data: { ...minimal.data, validationShare: 1 } }), /→ at data\.validationShare/],
  ['a note on data that it does not use', changed({ data: { ...minimal.data, notes: { mnist: '' } } }), /'mnist'/],
  ['half an epoch', changed({ training: { ...minimal.training, epochs: 0.5 } }), /→ at training\.epochs/],
  [
    'an unknown optimizer',
    changed({ training: { ...minimal.training, optimizer: { kind: 'lion' } } }),
    /→ at training\.optimizer/,
  ],
])('says what is wrong with %s', (_, text, message) => {
  expect(() => parseCharacterExperiment(text, 'small.json')).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  );
});

test('names every fault at once', () => {
  expect(() => parseCharacterExperiment('{}', 'small.json')).toThrow(/at name[^]*at network[^]*at data[^]*at training/);
});

function changed(change: object): string {
  return JSON.stringify({ ...minimal, ...change });
}
