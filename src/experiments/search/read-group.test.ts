import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGroup } from './read-group.ts';

let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'group-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const base = `{
    "name": "small",
    "network": { "name": "mlp", "config": { "hidden": [8] } },
    "data": { "train": ["emnist-sample-train"] },
    "training": {
      "epochs": 2,
      "optimizer": { "kind": "sgd" },
      "schedule": { "kind": "constant", "learningRate": 0.1 }
    }
  }`;

async function readText(text: string) {
  const file = join(folder, 'group.json');
  await writeFile(file, text);
  return await readGroup(file);
}

/** A group whose `search` begins on line 13 of the file. */
const withSearch = (search: string) => `{
  "name": "tries",
  "base": ${base},
  "search": ${search}
}`;

const RATE = `"training.schedule.learningRate": { "kind": "uniform", "low": 0.1, "high": 0.2 }`;

/** A group of two epochs whose one field is on line 16 of the file, and what its runs are compared after. */
const withPopulation = (field: string, interval: number) =>
  withSearch(`{
    "kind": "random", "count": 2,
    "fields": {
      ${field}
    }
  },
  "population": { "interval": ${interval} `).replace(/ \n}$/, '}\n}');

/** The message of the error, without the folder. */
async function faultOf(text: string): Promise<string> {
  const error: unknown = await readText(text).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  return (error as Error).message.replaceAll(`${folder}/`, '');
}

test('a grid has every combination, named by what differs', async () => {
  const { runs, monitor } = await readText(
    withSearch(`{
    "kind": "grid",
    "fields": {
      "training.schedule.learningRate": [0.1, 0.01],
      "network.config.hidden": [[8], [16, 8]],
      "training.epochs": [3]
    }
  }`),
  );
  expect(runs.map(({ name }) => name)).toEqual([
    'learningRate=0.1,hidden=8',
    'learningRate=0.1,hidden=16-8',
    'learningRate=0.01,hidden=8',
    'learningRate=0.01,hidden=16-8',
  ]);
  const { network, training } = runs[3].recipe.stages[0].experiment;
  expect(network.config).toEqual({ hidden: [16, 8] });
  expect(training).toMatchObject({ epochs: 3, schedule: { kind: 'constant', learningRate: 0.01 } });
  expect(monitor).toEqual({ metric: 'valAccuracy', mode: 'max' });
});

test('a list has the runs that it names; equal ones are numbered', async () => {
  const { runs } = await readText(
    withSearch(`{ "kind": "list", "runs": [{}, { "training.optimizer": { "kind": "adam" } }, {}] }`),
  );
  expect(runs.map(({ name }) => name)).toEqual(['base', 'optimizer=adam', 'base,run=3']);
  expect(runs.map(({ recipe }) => recipe.stages[0].experiment.training.optimizer.kind)).toEqual(['sgd', 'adam', 'sgd']);
});

test('random values are within their bounds, as they are named, and the same for the same seed', async () => {
  const search = (count: number, seed: number) =>
    withSearch(`{
    "kind": "random", "count": ${count}, "seed": ${seed},
    "fields": {
      "training.schedule.learningRate": { "kind": "log-uniform", "low": 0.001, "high": 0.1 },
      "network.config.dropout": { "kind": "uniform", "low": 0.1, "high": 0.3 },
      "training.batchSize": { "kind": "int", "low": 16, "high": 18 },
      "training.optimizer": { "kind": "choice", "values": [{ "kind": "adam" }, { "kind": "muon" }] }
    }
  }`);
  const { runs } = await readText(search(200, 7));
  const training = runs.map(({ recipe }) => recipe.stages[0].experiment.training);
  const rates = training.map(({ schedule }) => schedule.learningRate);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.001);
  expect(Math.max(...rates)).toBeLessThanOrEqual(0.1);
  // As many above the geometric mean as below it: 100 ± 3 standard deviations of a fair coin.
  expect(Math.abs(rates.filter((rate) => rate > 0.01).length - 100)).toBeLessThan(22);
  expect(new Set(training.map((settings) => (settings as { batchSize?: number }).batchSize))).toEqual(
    new Set([16, 17, 18]),
  );
  expect(new Set(training.map(({ optimizer }) => optimizer.kind))).toEqual(new Set(['adam', 'muon']));
  expect(runs[0].name).toContain(`learningRate=${rates[0]},`);
  expect((await readText(search(20, 7))).runs).toEqual(runs.slice(0, 20));
  expect((await readText(search(20, 8))).runs[0].name).not.toBe(runs[0].name);
});

test('the base may be a file beside the group', async () => {
  await writeFile(join(folder, 'base.json'), base);
  const { runs } = await readText(
    `{ "name": "tries", "base": "base.json", "search": { "kind": "list", "runs": [{ "training.seed": 3 }] } }`,
  );
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({
    name: 'run',
    recipe: { name: 'small', stages: [{ experiment: { training: { seed: 3 } } }] },
  });
});

test('the form of the course is read, with its batches, epochs and optimiser', async () => {
  const { name, runs } = await readText(`{
  "experiment_group": "Sample Experiments",
  "experiments": [
    { "dataset": "EmnistDataset", "model": "CharacterModel", "network": "mlp", "network_args": { "num_layers": 2 },
      "train_args": { "batch_size": 256 } },
    { "dataset": "EmnistLinesDataset", "model": "LineModelCtc", "network": "line_lstm_ctc",
      "network_args": { "window_width": 28, "window_stride": 14 }, "train_args": { "batch_size": 32, "epochs": 1 } }
  ]
}`);
  expect(name).toBe('sample-experiments');
  expect(runs.map(({ name }) => name)).toEqual([
    'dataset=EmnistDataset,model=CharacterModel,network=mlp,num_layers=2,batch_size=256,epochs=16',
    'dataset=EmnistLinesDataset,model=LineModelCtc,network=line_lstm_ctc,batch_size=32,epochs=1,window_width=28,window_stride=14',
  ]);
  expect(runs.map(({ recipe }) => recipe.stages[0].experiment)).toMatchObject([
    {
      kind: 'character',
      network: { name: 'mlp', config: { hidden: [128, 128] } },
      data: { train: ['emnist-byclass-train'] },
      training: { batchSize: 256, epochs: 16, optimizer: { kind: 'rmsprop' } },
    },
    {
      kind: 'line',
      network: { name: 'line-lstm-ctc', config: { window: 28, stride: 14 } },
      data: { train: [{ lines: 'emnist-lines-train' }], validation: ['emnist-lines-val'] },
      training: { epochs: 1, batch: { maxLines: 32 }, stepsPerEpoch: 313 },
    },
  ]);
});

test.each(['mlp-grid', 'lenet-random', 'lenet-population', 'course'])(
  'experiments/samples/%s.json is a group',
  async (name) => {
    const file = new URL(`../../../experiments/samples/${name}.json`, import.meta.url);
    const { runs } = await readGroup(fileURLToPath(file));
    expect(new Set(runs.map((run) => run.name)).size).toBe(
      { 'lenet-population': 8, 'mlp-grid': 24, 'lenet-random': 16, course: 3 }[name],
    );
  },
);

describe('faults have line and field:', () => {
  test.each<readonly [what: string, text: string, message: RegExp]>([
    ['no JSON', '{\n  "name": "a",\n  "base" {}\n}', /^group\.json:3: This is not JSON: colon expected\.$/],
    ['nothing', '', /^group\.json:1: This is not JSON: value expected\.$/],
    [
      'a field that a group does not have',
      `{\n  "name": "a",\n  "base": {},\n  "serch": {},\n  "search": { "kind": "list", "runs": [{}] }\n}`,
      /^group\.json:4: serch: Unrecognized key/m,
    ],
    [
      'a value of the grid',
      withSearch(
        `{\n    "kind": "grid",\n    "fields": {\n      "training.schedule.learningRate": [\n        0.1,\n        -1\n      ]\n    }\n  }`,
      ),
      /^group\.json:18: training\.schedule\.learningRate = -1: Too small/m,
    ],
    [
      'a field of a random search that experiments do not have',
      withSearch(
        `{\n    "kind": "random",\n    "count": 2,\n    "fields": {\n      "training.momentum": { "kind": "int", "low": 1, "high": 1 }\n    }\n  }`,
      ),
      /^group\.json:17: training\.momentum = 1: Unrecognized key/m,
    ],
    [
      'bounds the wrong way round',
      withSearch(
        `{\n    "kind": "random",\n    "count": 2,\n    "fields": {\n      "training.seed": { "kind": "int", "low": 2, "high": 1 }\n    }\n  }`,
      ),
      /^group\.json:17: search\.fields\.training\.seed: low must not be above high/m,
    ],
    [
      'an option that the network does not have',
      withSearch(
        `{\n    "kind": "list",\n    "runs": [\n      {},\n      { "network.config.dropuot": 0.1 }\n    ]\n  }`,
      ),
      /^group\.json:17: network\.config\.dropuot = 0\.1: Unrecognized key/m,
    ],
    [
      'a network that does not exist',
      withSearch(`{\n    "kind": "list",\n    "runs": [{ "network.name": "mlpp" }]\n  }`),
      /^group\.json:15: network\.name = "mlpp": There is no network 'mlpp'/m,
    ],
    [
      'the base experiment',
      withSearch(`{ "kind": "list", "runs": [{}] }`).replace('"epochs": 2', '"epochs": -2'),
      /^group\.json:8: base\.training\.epochs: Too small/m,
    ],
    [
      'a base file that is missing',
      `{\n  "name": "a",\n  "base": "missing.json",\n  "search": { "kind": "list", "runs": [{}] }\n}`,
      /^group\.json:3: base: There is no file missing\.json/,
    ],
    [
      'a path through a number',
      withSearch(`{\n    "kind": "list",\n    "runs": [{ "training.epochs.first": 1 }]\n  }`),
      /^group\.json:15: training\.epochs\.first: The base experiment has no such field/,
    ],
    [
      'population-based training of what its runs do not draw from a range',
      withPopulation(`"training.batchSize": { "kind": "int", "low": 8, "high": 16 }`, 1),
      /^group\.json:16: training\.batchSize: Population-based training changes numbers of training\.optimizer and/m,
    ],
    [
      'population-based training of a grid',
      withPopulation('', 1).replace('"random", "count": 2', '"grid"'),
      /^group\.json:13: search: Population-based training needs a random search/m,
    ],
    [
      'population-based training beside successive halving',
      withPopulation(RATE, 1).replace('"population"', '"halving": {},\n  "population"'),
      /^group\.json:20: population: Successive halving and this exclude each other/m,
    ],
    [
      'population-based training with too few epochs',
      withPopulation(RATE, 2),
      /^group\.json:8: base\.training\.epochs: Population-based training every 2 epochs needs more epochs than these 2/m,
    ],
    [
      'arguments of a data set of the course',
      `{ "experiment_group": "a", "experiments": [\n { "dataset": "EmnistDataset",\n  "dataset_args": { "sample": 1 },\n  "model": "CharacterModel", "network": "mlp" }] }`,
      /^group\.json:3: experiments\[0\]\.dataset_args\.sample: Data sets take no arguments here/m,
    ],
    [
      'a network of the course that does not exist',
      `{ "experiment_group": "a", "experiments": [\n { "dataset": "EmnistDataset", "model": "CharacterModel",\n  "network": "resnet" }] }`,
      /^group\.json:3: experiments\[0\]\.network: There is no network 'resnet'/m,
    ],
  ])('%s', async (_, text, message) => {
    expect(await faultOf(text)).toMatch(message);
  });
});

test('a group of more than 10,000 runs is refused before they are made', async () => {
  const hundred = JSON.stringify(Array.from({ length: 101 }, (_, i) => i));
  const fields = `"training.seed": ${hundred}, "training.epochs": ${hundred}`;
  expect(await faultOf(withSearch(`{ "kind": "grid",\n "fields": { ${fields} } }`))).toContain(
    'group.json:14: search.fields: a group has at most 10000 runs',
  );
  const random = `{ "kind": "random",\n "count": 1000000000, "fields": { ${RATE} } }`;
  expect(await faultOf(withSearch(random))).toContain('group.json:14: search.count: Too big');
});
