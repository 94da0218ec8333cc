import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../src/datasets/dataset.ts';
import { openDataset } from '../src/datasets/registry.ts';
import { subset } from '../src/datasets/subset.ts';
import { drawnLines } from '../src/datasets/lines/memory-lines.ts';
import { emnistLines } from '../src/datasets/synthesis/emnist-lines.ts';
import { createLineNetwork } from '../src/networks/create-line-network.ts';
import { createNetwork } from '../src/networks/create-network.ts';
import { characterLearner } from '../src/tasks/character/character-learner.ts';
import { lineLearner } from '../src/tasks/line/line-learner.ts';
import { Alphabet } from '../src/text/alphabet.ts';
import { fit, withServingSession } from '../src/training/fit.ts';

vi.setConfig({ testTimeout: 300_000 });

let folder: string;
let batch: Dataset;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memorize-'));
  const sample = await openDataset('emnist-sample-train', { root: folder });
  // Few of them are alike.
  batch = subset(
    sample,
    Array.from({ length: 32 }, (_, i) => i * 199),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

// A network that cannot learn one batch by heart has a fault somewhere.
test.each([
  ['mlp', { hidden: [64, 64], dropout: 0 }],
  ['lenet', { channels: [16, 16], hidden: 32, dropout: 0 }],
  ['character-cnn', { channels: [16, 16, 32], blocks: [1, 1], dropout: 0 }],
])('%s learns a batch by heart', async (name, config) => {
  const network = createNetwork(name, { classes: batch.classes.length, ...config });
  const manyTimes = subset(
    batch,
    Array.from({ length: 30 * batch.length }, (_, i) => i % batch.length),
  );
  const learner = characterLearner(network, { train: manyTimes, validation: batch, batchSize: 32, seed: 1 });
  const { weights } = await fit(learner, {
    folder: join(folder, name),
    epochs: 5,
    optimizer: { kind: 'adam' },
    schedule: { kind: 'one-cycle', learningRate: 0.01 },
    seed: 1,
  });
  const evaluations = await withServingSession(learner, weights, {}, (session) => learner.evaluate(session, 1));
  const { accuracy, loss } = evaluations.validation;
  expect(accuracy).toBeGreaterThanOrEqual(0.98);
  expect(loss).toBeLessThan(0.2);
});

test('line-lstm-ctc learns lines by heart', async () => {
  const name = 'line-lstm-ctc';
  const config = {
    window: 16,
    stride: 8,
    channels: [16, 16],
    features: 48,
    units: 48,
    bidirectional: true,
    dropout: 0,
  };
  const texts = ['the ash', 'a stone', 'That is', 'no rain'];
  const characters = await openDataset('emnist-sample-train', { root: folder });
  const options = { maxLength: 8, height: 28, width: 224, overlap: [0, 0.1] } as const;
  const lines = drawnLines(emnistLines({ name: 'few', characters, texts, options }), 1);
  const alphabet = new Alphabet(' aehinorstT');
  const learner = lineLearner(createLineNetwork(name, { classes: alphabet.size, ...config }), alphabet, {
    train: [{ dataset: lines, weight: 1 }],
    validation: [lines],
    stepsPerEpoch: 350,
    batch: { maxLines: 4, maxColumns: 896, widthStep: 224, maxWidth: 224 },
    chunkLines: 4,
    seed: 1,
  });
  const { weights } = await fit(learner, {
    folder: join(folder, name),
    epochs: 1,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'one-cycle', learningRate: 0.01, riseShare: 0.2 },
    seed: 1,
    loaderThreads: 1,
  });
  const { valCer } = await withServingSession(learner, weights, {}, (session) => learner.validate(session));
  expect(valCer).toBe(0);
});
