import { readFile, readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createLineNetwork } from '../networks/create-line-network.ts';
import { pageNetwork } from '../networks/page-network.ts';
import { createNetwork } from '../networks/create-network.ts';
import { lineExperimentSchema } from '../tasks/line/line-experiment.ts';
import { smallLineExperiment } from '../tasks/line/testing/small-line-experiment.ts';
import { lineAlphabet } from '../text/line-alphabet.ts';
import { parseRecipe } from './recipe.ts';

const folder = new URL('../../experiments/', import.meta.url);

const characters = {
  name: 'small',
  network: { name: 'mlp' },
  data: { train: ['emnist-sample-train'] },
  training: { epochs: 2, optimizer: { kind: 'adamw' }, schedule: { kind: 'constant', learningRate: 0.001 } },
};
const lines = smallLineExperiment({ train: [{ lines: 'hooker-train', weight: 1, validationShare: 0.1 }] });

const parse = (file: object) => parseRecipe(JSON.stringify(file), 'small.json');
const change = (base: { training: object }, changes: object) => ({
  ...base,
  training: { ...base.training, ...changes },
});

test('fills in what is left out', () => {
  const [{ experiment, ...stage }] = parse(characters).stages;
  expect(stage).toEqual({ name: undefined, from: undefined, fresh: undefined });
  expect(experiment).toMatchObject({
    kind: 'character',
    description: '',
    network: { config: {} },
    data: { validationShare: 0.05, matchClassFrequencies: true, notes: {} },
    training: { batchSize: 256, labelSmoothing: 0, augment: false, seed: 42 },
  });
  expect(parse(lines)).toMatchObject({
    kind: 'line',
    stages: [
      {
        experiment: {
          data: { validation: [], validationLines: 250, notes: {} },
          training: { augment: false, stretch: [1, 1], seed: 42, batch: { stride: 8 } },
        },
      },
    ],
  });
});

test('a stage says what differs from the stage before, and begins with its weights', () => {
  const { stages } = parse({
    ...characters,
    network: { name: 'lenet', config: { hidden: 64, dropout: 0.1 } },
    stages: [
      { name: 'first', fresh: ['logits'], from: [{ weights: 'old.safetensors', sha256: '0'.repeat(64) }] },
      { name: 'second', network: { config: { dropout: 0.2 } }, data: { validationShare: 0.1 } },
      { name: 'mean', from: ['first', 'second'], training: { epochs: 0 } },
    ],
  });
  expect(stages.map(({ from }) => from)).toEqual([
    [{ weights: 'old.safetensors', sha256: '0'.repeat(64) }],
    ['first'],
    ['first', 'second'],
  ]);
  expect(stages.map(({ experiment: { network, training } }) => [network.config, training.epochs])).toEqual([
    [{ hidden: 64, dropout: 0.1 }, 2],
    [{ hidden: 64, dropout: 0.2 }, 2],
    [{ hidden: 64, dropout: 0.2 }, 0],
  ]);
  expect(stages[2].experiment.data).toMatchObject({ train: ['emnist-sample-train'], validationShare: 0.1 });
});

test('the bundled experiments are sound', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  expect(files).toEqual(expect.arrayContaining(['character-cnn.json', 'line-recognizer.json', 'mlp.json']));
  for (const file of files) {
    const { kind, name, stages } = parseRecipe(await readFile(new URL(file, folder), 'utf8'), file);
    expect(file).toBe(`${name}.json`);
    for (const { experiment } of stages) {
      const { network } = experiment;
      if (kind === 'character') {
        expect(createNetwork(network.name, { classes: 62, ...network.config }).name).toBe(network.name);
        continue;
      }
      if (kind === 'page') {
        expect(pageNetwork(network.config).name).toBe(network.name);
        continue;
      }
      const { height, widthStep } = createLineNetwork(network.name, { classes: lineAlphabet.size, ...network.config });
      expect(height).toBe(network.name === 'line-recognizer' ? 64 : 28);
      expect(lineExperimentSchema.parse(experiment).training.batch.widthStep % widthStep).toBe(0);
    }
  }
});

test.each([
  ['no JSON', '{', /^small\.json is not JSON: /],
  ['an unknown key', { ...characters, optimiser: 'adam' }, /Unrecognized key: "optimiser"/],
  ['an unknown kind', { ...characters, kind: 'music' }, /→ at kind/],
  [
    'an upper-case name',
    { ...characters, name: 'My Model' },
    /lower-case letters, digits, dots and dashes[^]*→ at name/,
  ],
  ['no data', { ...characters, data: { train: [] } }, /→ at data\.train/],
  ['all kept aside', { ...characters, data: { ...characters.data, validationShare: 1 } }, /→ at data\.validationShare/],
  ['a note on other data', { ...characters, data: { ...characters.data, notes: { mnist: '' } } }, /'mnist'/],
  ['half an epoch', change(characters, { epochs: 0.5 }), /→ at training\.epochs/],
  ['an unknown optimizer', change(characters, { optimizer: { kind: 'lion' } }), /→ at training\.optimizer/],
  ['an unknown key of lines', { ...lines, data: { ...lines.data, valid: [] } }, /Unrecognized key: "valid"/],
  ['a weight of nothing', { ...lines, data: { train: [{ lines: 'a', weight: 0 }] } }, /→ at data\.train\[0\]\.weight/],
  [
    'nothing to choose by',
    { ...lines, data: { train: [{ lines: 'a', weight: 1 }] } },
    /nothing to choose the best epoch/,
  ],
  ['a range upside down', change(lines, { stretch: [2, 1] }), /from the lower to the higher/],
  ['a note on other lines', { ...lines, data: { ...lines.data, notes: { iam: '' } } }, /'iam'.*hooker-train/],
  [
    'a fault of a stage',
    { ...characters, stages: [{ name: 'first', training: { epochs: -1 } }] },
    /^small\.json, stage 'first' is not a valid experiment:[^]*→ at training\.epochs/,
  ],
  [
    'a stage that comes later',
    { ...characters, stages: [{ name: 'first', from: ['second'] }, { name: 'second' }] },
    /no stage 'second' before stage 'first'; there are none/,
  ],
  ['a stage named twice', { ...characters, stages: [{ name: 'a' }, { name: 'a' }] }, /two stages 'a'/],
  [
    'weights for all stages',
    { ...characters, from: [{ weights: 'x' }], stages: [{ name: 'a' }] },
    /has its own 'from'/,
  ],
])('says what is wrong with %s', (_, file, message) => {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  expect(() => parseRecipe(text, 'small.json')).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  );
});

test('names every fault at once', () => {
  expect(() => parseRecipe('{}', 'small.json')).toThrow(/at name[^]*at network[^]*at data[^]*at training/);
});
