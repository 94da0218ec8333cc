import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Session } from '../../runtime/session.ts';
import { mlp } from '../../networks/course/mlp.ts';
import type { Callback } from '../../training/callback.ts';
import { fit, withServingSession, type FitOptions } from '../../training/fit.ts';
import { characterLearner } from './character-learner.ts';
import { bars } from './testing/bars.ts';

const dataset = bars(64);
const validation = bars(32, 2);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'character-model-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const newLearner = (classes = 2) =>
  characterLearner(mlp({ classes, hidden: [16], dropout: 0 }), { train: dataset, validation, batchSize: 16, seed: 5 });

function options(overrides: Partial<FitOptions> = {}): FitOptions {
  const schedule = { kind: 'constant', learningRate: 0.01 } as const;
  return { folder, epochs: 8, optimizer: { kind: 'adam' }, schedule, seed: 5, ...overrides };
}

test('learns, is calibrated, and reads what it has learnt', async () => {
  const learner = newLearner();
  const { weights, ...outcome } = await fit(learner, options());
  expect(outcome).toMatchObject({ epoch: 8, step: 32, stopped: undefined });
  const { temperature, evaluations } = await withServingSession(learner, weights, {}, async (session) => {
    const temperature = await learner.calibrate(session);
    return { temperature, evaluations: await learner.evaluate(session, temperature) };
  });
  expect(evaluations.validation).toMatchObject({ count: 32, accuracy: 1 });
  expect(temperature).toBeLessThan(1);

  const images = { data: new Uint8Array(2 * 64), shape: [2, 8, 8] };
  validation.read([0, 1], images.data);
  const session = await Session.load(learner.calibratedGraph(weights, temperature, 'bars'));
  const [lying, notStanding, notLying, standing] = (await session.run({ images })).probabilities.data as Float32Array;
  await session.close();
  expect(lying + notStanding).toBeCloseTo(1, 6);
  expect(Math.min(lying, standing)).toBeGreaterThan(0.9);
  expect(notLying).toBeLessThan(0.1);
});

test('a training that a callback has ended stays ended', async () => {
  let epochs = 0;
  const stopAtTwo: Callback = {
    name: 'stop-at-two',
    onEpochEnd({ epoch }, control) {
      epochs++;
      if (epoch === 2) control.stop('that is enough');
    },
  };
  const first = await fit(newLearner(), options({ callbacks: [stopAtTwo] }));
  expect(first).toMatchObject({ stopped: 'that is enough', epoch: 2, step: 8 });
  const again = await fit(newLearner(), options({ callbacks: [stopAtTwo] }));
  expect(again).toEqual(first);
  expect(epochs).toBe(2);
});

test('a training that is over gives its weights again', async () => {
  const first = await fit(newLearner(), options({ epochs: 1 }));
  expect(await fit(newLearner(), options({ epochs: 1 }))).toEqual(first);
});

test('an abort ends after the step, and the next call continues', async () => {
  const whole = await fit(newLearner(), options({ folder: join(folder, 'whole') }));
  const abort = new AbortController();
  const callbacks: Callback[] = [{ name: 'abort', onStepEnd: ({ step }) => (step === 6 ? abort.abort() : undefined) }];
  const first = await fit(newLearner(), options({ signal: abort.signal, callbacks }));
  expect(first).toMatchObject({ stopped: 'interrupted', step: 6, epoch: 2 });
  expect(await fit(newLearner(), options())).toEqual(whole);
});

test('refuses to resume with another configuration', async () => {
  await fit(newLearner(), options({ epochs: 1 }));
  await expect(fit(newLearner(), options({ epochs: 2 }))).rejects.toMatchObject({
    code: 'CHECKPOINT_INVALID',
    message: expect.stringMatching(/ \(epochs is 2 and was 1; totalSteps is 8 and was 4\)/),
  });
});

test('resumes with other threads', async () => {
  const first = await fit(newLearner(), options({ epochs: 1, threads: 1 }));
  expect(await fit(newLearner(), options({ epochs: 1, threads: 2 }))).toEqual(first);
});

test('says that the loss is lost, and what to do', async () => {
  const schedule = { kind: 'constant', learningRate: 1e30 } as const;
  const training = fit(newLearner(), options({ schedule, optimizer: { kind: 'sgd' } }));
  await expect(training).rejects.toMatchObject({
    code: 'TRAINING_DIVERGED',
    message: expect.stringMatching(/The loss is \S+ in step \d+ \(learning rate 1e\+30\): lower the learning rate/),
  });
});

test('says what does not belong together', () => {
  expect(() => newLearner(3)).toThrow(/has 3 classes, the data set 2/);
  const other = { ...dataset, classes: ['a', 'b'] };
  const learning = { train: dataset, validation, batchSize: 16, seed: 5 };
  const network = mlp({ classes: 2, hidden: [16], dropout: 0 });
  expect(() => characterLearner(network, { ...learning, tests: [other] })).toThrow(
    expect.objectContaining({ code: 'DATASET_INVALID' }),
  );
});
