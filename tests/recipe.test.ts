import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseRecipe } from '../src/experiments/recipe.ts';
import { runExperiment, type ExperimentRunOptions } from '../src/experiments/run-experiment.ts';
import type { LineModelManifest } from '../src/models/model-manifest.ts';
import { smallLineExperiment } from '../src/tasks/line/testing/small-line-experiment.ts';
import type { Callback } from '../src/training/callback.ts';
import { writeSmallLines } from './support/write-small-lines.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder: string;
let pack: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipe-'));
  pack = await writeSmallLines(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A recipe with an alphabet of its own. */
function smallRecipe(stages: readonly object[], from?: object) {
  const data = { train: [{ lines: pack, weight: 1 }], validation: [`${pack}-aside`], alphabet: {} };
  const experiment = { ...smallLineExperiment(data, { epochs: 1 }), ...from };
  const notes = { 'small-lines': 'Set from EMNIST.' };
  const whole = { ...experiment, data: { ...data, notes }, ...(stages.length > 0 && { stages }) };
  return parseRecipe(JSON.stringify(whole), 'small.json');
}

async function run(name: string, recipe: ReturnType<typeof smallRecipe>, options: Partial<ExperimentRunOptions> = {}) {
  const notices: string[] = [];
  const inFolder = join(folder, name);
  const onNotice = (notice: string) => notices.push(notice);
  const result = await runExperiment(recipe, { folder: inFolder, dataRoot: folder, threads: 1, onNotice, ...options });
  const read = (file: string) => readFile(join(inFolder, file));
  const manifest = async () => JSON.parse((await read('model/model.json')).toString()) as LineModelManifest;
  return { ...result, notices, read, manifest };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('stages follow each other, resume where they were interrupted, and the card tells them', async () => {
  const stages = [
    { name: 'first' },
    { name: 'longer', training: { epochs: 4, earlyStopping: { patience: 1, minDelta: 5 } } },
    { name: 'mean', from: ['first', 'longer'], training: { epochs: 0 } },
  ];
  const whole = await run('whole', smallRecipe(stages));
  expect(whole.notices[0]).toMatch(/^Alphabet of \d+ characters: [a-z]+\n/);

  const abort = new AbortController();
  const callbacks: Callback[] = [
    { name: 'abort', onStepEnd: ({ step, epochs }) => (epochs === 4 && step === 2 ? abort.abort() : undefined) },
  ];
  const interrupted = await run('resumed', smallRecipe(stages), { signal: abort.signal, callbacks });
  expect(interrupted).toMatchObject({ outcome: { stopped: 'interrupted', step: 2 }, modelFolder: undefined });
  const resumed = await run('resumed', smallRecipe(stages));
  expect(await resumed.read('model/model.onnx')).toEqual(await whole.read('model/model.onnx'));

  const { alphabet, provenance, metrics } = await whole.manifest();
  expect(alphabet).toMatch(/^[a-z]+$/);
  expect(provenance.data[0]).toMatchObject({ licence: 'Public domain', note: 'Set from EMNIST.' });
  expect(Object.keys(metrics)).toEqual(['small-lines-aside, greedy']);
  // No epoch is five times better than the first, so the second stage ends with its second epoch.
  expect(provenance.recipe.stages).toMatchObject([
    { name: 'first', epochs: 1, epochsDone: 1 },
    { name: 'longer', from: ['first'], epochs: 4, epochsDone: 2 },
    { name: 'mean', from: ['first', 'longer'], epochs: 0, epochsDone: 0 },
  ]);
  expect(provenance.run).toMatchObject({
    weights: sha256(await whole.read('stages/mean/weights.safetensors')),
    parents: [],
  });
});

test('weights of a file, after 0 epochs, make the model that they are of', async () => {
  const trained = await run('trained', smallRecipe([]));
  const weights = join(folder, 'trained', 'weights.safetensors');
  const from = [{ weights, sha256: sha256(await readFile(weights)) }];
  const recipe = smallRecipe([{ name: 'finish', from, training: { epochs: 0 } }]);
  const finished = await run('finished', recipe);
  expect(await finished.read('model/model.onnx')).toEqual(await trained.read('model/model.onnx'));
  expect((await finished.manifest()).provenance.run?.parents).toEqual([{ ...from[0], licence: 'MIT' }]);
  expect((await finished.manifest()).confidence).toEqual((await trained.manifest()).confidence);
});

test('a network of lines learns from a teacher', async () => {
  await run('teacher', smallRecipe([]));
  const network = smallLineExperiment({ train: [] }).network;
  const teaching = { teachers: [{ network, weights: join(folder, 'teacher', 'weights.safetensors') }], weight: 0.5 };
  const taught = await run('taught', smallRecipe([{ name: 'taught', training: { teaching } }]));
  expect(taught.outcome).toMatchObject({ epoch: 1, stopped: undefined });
  expect(await taught.read('model/model.onnx')).not.toEqual(await readFile(join(folder, 'teacher/model/model.onnx')));
});

test('whatever is wrong is said before anything long', async () => {
  const steps: number[] = [];
  const callbacks: Callback[] = [{ name: 'count', onStepEnd: ({ step }) => void steps.push(step) }];
  const missing = smallRecipe([{ name: 'first' }, { name: 'second', from: [{ weights: 'nowhere.safetensors' }] }]);
  await expect(run('missing', missing, { callbacks })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(run('test', smallRecipe([]), { callbacks, test: ['nowhere'] })).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
  });
  const random = smallRecipe([{ name: 'first', training: { epochs: 0 } }]);
  await expect(run('random', random, { callbacks })).rejects.toThrow('0 epochs needs weights to begin with');
  expect(steps).toEqual([]);
});
