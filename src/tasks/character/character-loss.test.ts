import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { relabel } from '../../datasets/relabel.ts';
import { runGraph } from '../../graph/testing/run-graph.ts';
import { input } from '../../graph/value.ts';
import { imageInput } from '../../networks/image-input.ts';
import { mlp } from '../../networks/course/mlp.ts';
import { fit, withServingSession } from '../../training/fit.ts';
import type { Teaching } from '../teaching.ts';
import { characterLearner } from './character-learner.ts';
import { taughtTargets } from './character-loss.ts';
import { bars } from './testing/bars.ts';

const dataset = bars(64);
const validation = bars(32, 2);
const schedule = { kind: 'constant', learningRate: 0.01 } as const;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'teaching-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const student = mlp({ classes: 2, hidden: [16], dropout: 0 });

const newLearner = (train = dataset, teaching?: Teaching, labelSmoothing?: number) =>
  characterLearner(student, { train, validation, batchSize: 16, seed: 5, teaching, labelSmoothing });

async function weightsOf(learner: ReturnType<typeof newLearner>, name: string) {
  const options = { folder: join(folder, name), epochs: 8, schedule, seed: 5, optimizer: { kind: 'adam' } } as const;
  return (await fit(learner, options)).weights;
}

test('targets are the label and what the teachers say, by weight', async () => {
  // Without hidden layers and with weights of 0, a teacher says the softmax of its biases: 1/4 and 3/4, 1/2 and 1/2.
  const network = mlp({ classes: 2, hidden: [], dropout: 0 });
  const teacher = (bias: readonly number[]) => ({
    network,
    weights: new Map([
      ['logits.weight', new Float32Array(8)],
      ['logits.bias', Float32Array.from(bias)],
    ]),
  });
  const teachers = [teacher([0, Math.log(3)]), teacher([0, 0])];
  const labels = input('labels', 'int32', [1]);
  const targets = taughtTargets(imageInput(1, 2, 2).images, labels, 2, { teachers, weight: 0.8 });
  const feeds = {
    images: { data: Uint8Array.of(0, 9, 99, 255), shape: [1, 2, 2] },
    labels: { data: Int32Array.of(0), shape: [1] },
  };
  const { data } = (await runGraph({ targets }, feeds)).targets;
  expect(data[0]).toBeCloseTo(0.2 + 0.8 * 0.375, 6);
  expect(data[1]).toBeCloseTo(0.8 * 0.625, 6);
});

test('a student learns from its teacher what wrong labels hide', async () => {
  const weights = await weightsOf(newLearner(), 'teacher');
  const wrong = relabel(
    dataset,
    dataset.classes,
    dataset.classes.map((_, label) => 1 - label),
  );
  const learner = newLearner(wrong, { teachers: [{ network: student, weights }], weight: 0.9 });
  const learned = await weightsOf(learner, 'student');
  const evaluations = await withServingSession(learner, learned, {}, (session) => learner.evaluate(session, 1));
  expect(evaluations.validation).toMatchObject({ accuracy: 1 });
});

test('labels are not smoothed beside teachers, who say more than that', () => {
  const teaching = { teachers: [{ network: student, weights: new Map() }], weight: 0.5 };
  expect(() => newLearner(dataset, teaching, 0.1)).toThrow(/leave labelSmoothing at 0 beside them/);
});
