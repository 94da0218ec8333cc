import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeSmallSample } from '../../../tests/support/write-small-sample.ts';
import { bundledModels, readModel } from '../../models/model-store.ts';
import { writeModelFiles } from '../../tasks/write-model.ts';
import { bestRun } from './best-run.ts';
import { regressionCheck, type Check } from './judge-model.ts';
import { readFiles, rollbackModel } from './model-registry.ts';
import { hashesOf } from './testing/hashes-of.ts';
import { promoteModel, type PromoteOptions } from './promote-model.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let root: string;
let registry: string;
let options: PromoteOptions;
/** Runs whose models are called `reader`: of lenet, and of mlp, which reads worse. */
let good: string;
let bad: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'promote-'));
  registry = join(root, 'models');
  options = { registry, data: [await writeSmallSample(root, 6)], dataRoot: root, rounds: 1 };
  good = await writeRun('good', 'lenet', 0.9);
  bad = await writeRun('bad', 'mlp', 0.8);
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function writeRun(run: string, model: string, accuracy: number): Promise<string> {
  const { manifest, onnx } = await readModel(join(bundledModels, model));
  const metrics = { validation: { accuracy, loss: 1 - accuracy, count: 10 } };
  await writeModelFiles(join(root, 'runs', run, 'model'), onnx, { ...manifest, name: 'reader', metrics });
  await writeFile(join(root, 'runs', run, 'experiment.json'), `{"name": "${run}"}\n`);
  return join(root, 'runs', run);
}

const installed = () => hashesOf(join(registry, 'reader'));

test('a better model is installed whole, a worse one is refused, and a rollback restores the same bytes', async () => {
  expect(await promoteModel(bad, { ...options, atLeast: [{ figure: 'accuracy', value: 0.5 }] })).toMatchObject({
    version: 1,
  });
  const first = await installed();
  expect(Object.keys(first)).toEqual(['README.md', 'experiment.json', 'model.json', 'model.onnx']);

  const checks: Check[] = [];
  // Lenet takes 8.5 times the bytes, and what it takes in time depends on the machine.
  const version = await promoteModel(good, {
    ...options,
    budget: 100,
    onCheck: (check) => checks.push(check),
    complete: async (folder) => {
      expect(checks).toHaveLength(4);
      await writeFile(join(folder, 'monitoring.json'), '{}');
    },
  });
  expect(version).toMatchObject({ version: 2, former: 1, source: good });
  expect(checks.map(({ passed }) => passed)).toEqual([true, true, true, true]);
  expect(await installed()).toMatchObject(await hashesOf(join(good, 'model')));

  const second = await installed();
  expect(Object.keys(second)).toContain('monitoring.json');
  const complete = vi.fn(async () => {});
  await expect(promoteModel(bad, { ...options, budget: 100, complete })).rejects.toMatchObject({
    code: 'PROMOTION_REFUSED',
    message: expect.stringMatching(/does not become reader:\n- errors on .*small-sample .*: worse$/s),
  });
  expect(complete).not.toHaveBeenCalled();
  expect(await installed()).toEqual(second);
  await rollbackModel(registry, 'reader');
  expect(await installed()).toEqual(first);
});

test('a model below a floor, or above a ceiling, is refused where none is installed, too', async () => {
  const bounds = { atLeast: [{ figure: 'accuracy', value: 0.999 }], atMost: [{ figure: 'bytes', value: 1000 }] };
  const refused = promoteModel(bad, { ...options, registry: join(root, 'empty'), ...bounds });
  await expect(refused).rejects.toMatchObject({
    code: 'PROMOTION_REFUSED',
    message: expect.stringMatching(/accuracy 0\.\d+, at least 0\.999\n- .*: bytes 566800, at most 1000$/),
  });
  const empty = join(root, 'empty');
  const unknown = promoteModel(bad, { ...options, registry: empty, atMost: [{ figure: 'cer', value: 0.1 }] });
  await expect(unknown).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/There is no figure 'cer'; there are .*accuracy.*megabytes/),
  });
});

test.each<[string, string, (model: string) => Promise<void>]>([
  ['a class that was swapped', 'CHECKSUM_MISMATCH', (model) => edit(join(model, 'model.json'), '"0"', '"O"')],
  ['weights cut short', 'CHECKSUM_MISMATCH', (model) => truncate(join(model, 'model.onnx'), 5000)],
  ['no weights', 'MODEL_NOT_FOUND', (model) => rm(join(model, 'model.onnx'))],
  ['no card', 'MODEL_INVALID', (model) => rm(join(model, 'README.md'))],
  ['no description', 'MODEL_NOT_FOUND', (model) => rm(join(model, 'model.json'))],
])('a model with %s is refused: %s', async (name, code, damage) => {
  const run = join(root, 'damaged', name);
  await cp(good, run, { recursive: true });
  await damage(join(run, 'model'));
  const untouched = join(root, 'untouched');
  await expect(promoteModel(run, { ...options, registry: untouched })).rejects.toMatchObject({ code });
  await expect(readFiles(untouched)).rejects.toThrow('ENOENT');
});

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

test('the best run of a group is that with the best figure, whichever way is better', async () => {
  await mkdir(join(root, 'runs', 'unfinished'), { recursive: true });
  const group = join(root, 'runs');
  const best = { run: good, set: 'validation', metric: 'accuracy', value: 0.9, of: 2 };
  expect(await bestRun(group)).toEqual(best);
  expect(await bestRun(group, 'validation:loss')).toMatchObject({ run: good, value: expect.closeTo(0.1) as number });
  await expect(bestRun(group, 'count')).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('there are validation:accuracy, validation:loss.') as string,
  });
  await expect(bestRun(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('few data prove nothing: what they leave open is refused', () => {
  const comparison = { data: 'few', items: 40, before: 0.1, after: 0.1, difference: 0, low: -0.05, high: 0.05 };
  expect(regressionCheck(comparison, 0.01)).toEqual({
    passed: false,
    finding:
      'errors on few 10.00 %, installed 10.00 %; difference -5.00 % to +5.00 %, at most +1.00 %: 40 items leave open whether it is worse by more than 1.00 %',
  });
  expect(regressionCheck(comparison, 0.05).passed).toBe(true);
});
