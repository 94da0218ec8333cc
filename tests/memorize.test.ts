import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../src/datasets/dataset.ts';
import { openDataset } from '../src/datasets/registry.ts';
import { subset } from '../src/datasets/subset.ts';
import { drawnLines } from '../src/datasets/lines/memory-lines.ts';
import { emnistLines } from '../src/datasets/synthesis/emnist-lines.ts';
import { draw } from '../src/images/testing/draw.ts';
import { encodePng } from '../src/images/testing/encode-png.ts';
import { createLineNetwork } from '../src/networks/create-line-network.ts';
import { createNetwork } from '../src/networks/create-network.ts';
import { characterLearner } from '../src/tasks/character/character-learner.ts';
import { lineLearner } from '../src/tasks/line/line-learner.ts';
import { pageTask } from '../src/tasks/page/page-task.ts';
import { Alphabet } from '../src/text/alphabet.ts';
import { fit, withServingSession } from '../src/training/fit.ts';
import type { BatchSource } from '../src/training/trainer.ts';

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

/** The smallest features of windows that learn a few lines. */
const windows = { channels: [16, 16], features: 48, dropout: 0 };
const stem = { channels: [16, 16, 32], sequence: 48, dilations: [1, 2], dropout: 0 };
const words = ['theash', 'astone', 'Thatis', 'norain'];

// Without spaces: what sees one window at a time cannot tell a space from the paper after the end.
test.each([
  { name: 'line-cnn-sliding-window', config: { ...windows, window: 28, stride: 14 }, steps: 60, peak: 0.005 },
  { name: 'line-cnn-all-conv', config: windows, steps: 60, peak: 0.005 },
  { name: 'line-lstm-ctc', config: { ...windows, units: 48, bidirectional: true }, steps: 120, peak: 0.01 },
  { name: 'line-lstm', config: { ...windows, units: 48, positions: 6 }, steps: 80, peak: 0.02 },
  { name: 'line-recognizer', config: stem, steps: 80, peak: 0.01 },
  { name: 'htrnet-half', config: { units: 32, layers: 1 }, texts: ['as', 'in'], steps: 40, peak: 0.01 },
])('$name learns lines by heart', async ({ name, config, texts = words, steps, peak }) => {
  const alphabet = new Alphabet([...new Set(texts.join(''))].join(''));
  const network = createLineNetwork(name, { classes: alphabet.size, ...config });
  const characters = await openDataset('emnist-sample-train', { root: folder });
  const maxLength = texts[0].length;
  const options = { maxLength, height: network.height, overlap: [0, 0.1] } as const;
  const lines = drawnLines(emnistLines({ name: 'few', characters, texts, options }), 1);
  const maxWidth = network.widthStep * Math.ceil((28 * maxLength) / network.widthStep);
  const learner = lineLearner(network, alphabet, {
    train: [{ dataset: lines, weight: 1 }],
    validation: [lines],
    stepsPerEpoch: steps,
    batch: { maxLines: texts.length, maxColumns: texts.length * maxWidth, widthStep: maxWidth, maxWidth },
    chunkLines: texts.length,
    seed: 1,
  });
  const { weights } = await fit(learner, {
    folder: join(folder, name),
    epochs: 1,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'one-cycle', learningRate: peak, riseShare: 0.2 },
    seed: 1,
    loaderThreads: 1,
  });
  const { valCer } = await withServingSession(learner, weights, {}, (session) => learner.validate(session));
  expect(valCer).toBe(0);
});

test('page-network learns a view by heart', async () => {
  const pages = join(folder, 'pages');
  await writePages(pages);
  const experiment = pageTask.schema.parse({
    kind: 'page',
    name: 'small',
    network: { name: 'page-network', config: { channels: [8, 8, 16, 16, 16], merged: [16, 16, 16] } },
    data: { pages: ['pages'], held: { every: 2, first: 1 } },
    training: {
      epochs: 1,
      stepsPerEpoch: 120,
      batchSize: 2,
      size: 96,
      sheets: 0,
      optimizer: { kind: 'adamw' },
      schedule: { kind: 'one-cycle', learningRate: 0.02, riseShare: 0.2 },
      seed: 5,
    },
  });
  const [learner] = await pageTask.open([experiment], { dataRoot: folder });
  const losses: number[] = [];
  const watch = { name: 'watch', onStepEnd: ({ loss }: { loss: number }) => void losses.push(loss) };
  const training = { ...experiment.training, folder: join(folder, 'page'), callbacks: [watch] };
  await fit({ ...learner, batches: (options) => firstBatchOf(learner.batches(options)) }, training);
  expect(losses.at(-1)).toBeLessThan(0.25);
});

/** Two pages with a row of upright strokes. */
async function writePages(folder: string): Promise<void> {
  await mkdir(folder);
  const picture = draw(120, 100, (x, y) => (x >= 20 && x < 100 && x % 10 < 4 && y >= 36 && y < 60 ? 30 : 230));
  const corners = { top: 36, bottom: 60, left: 20, right: 100 };
  const { top, bottom, left, right } = corners;
  const line = {
    text: 'iiii',
    polygon: [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ],
    baseline: [
      [left, bottom],
      [right, bottom],
    ],
  };
  for (const id of ['a-1', 'b-1']) {
    await writeFile(join(folder, `${id}.png`), await encodePng(picture));
    const page = { id, licence: 'CC-BY 4.0', width: 120, height: 100, lines: [line] };
    await writeFile(join(folder, `${id}.json`), JSON.stringify(page));
  }
}

/** The first batch again and again. */
function firstBatchOf({ stepsPerEpoch, batches }: BatchSource): BatchSource {
  return {
    stepsPerEpoch,
    async *batches(epoch, startBatch, lastEpoch) {
      for await (const batch of batches(1, 0, 1)) {
        for (let step = startBatch; step < (lastEpoch - epoch + 1) * stepsPerEpoch; step++) yield batch;
        return;
      }
    },
  };
}
