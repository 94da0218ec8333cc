import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawnLines } from '../../datasets/lines/memory-lines.ts';
import { openDataset } from '../../datasets/registry.ts';
import { emnistLines } from '../../datasets/synthesis/emnist-lines.ts';
import { defaultCharacterAugmentation } from '../../images/augment-character.ts';
import { createLineNetwork } from '../../networks/create-line-network.ts';
import { mlp } from '../../networks/course/mlp.ts';
import { characterLearner } from '../../tasks/character/character-learner.ts';
import { bars } from '../../tasks/character/testing/bars.ts';
import { lineLearner } from '../../tasks/line/line-learner.ts';
import { Alphabet } from '../../text/alphabet.ts';
import type { Callback } from '../callback.ts';
import { fit, fitAlong, type FitOptions, type Trainable } from '../fit.ts';
import { FirstReplica } from './first-replica.ts';
import { OtherReplica } from './other-replica.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replicas-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = {
  epochs: 3,
  // Adam divides by the gradient's size, and so makes what is left of tiny gradients after rounding as large as the others.
  optimizer: { kind: 'sgd', momentum: 0.9 },
  schedule: { kind: 'one-cycle', learningRate: 0.1 },
  seed: 5,
  averagingDecay: 0.9,
  clipNorm: 1,
  threads: 1,
  loaderThreads: 1,
} as const;

/** All replicas of a training in this process, one after the other where they compute. */
async function fitTogether(
  trainable: Trainable,
  count: number,
  options: Pick<FitOptions, 'folder' | 'callbacks' | 'signal'>,
) {
  const first = await FirstReplica.open('tcp://127.0.0.1:*', count);
  const ranks = Array.from({ length: count - 1 }, (_, i) => i + 1);
  const others = await Promise.all(ranks.map((rank) => OtherReplica.open(first.address, rank, count)));
  try {
    const [outcome] = await Promise.all([
      fit(trainable, { ...settings, ...options, replica: first }),
      ...others.map((replica) => fitAlong(trainable, { ...settings, replica })),
    ]);
    return outcome;
  } finally {
    for (const replica of [...others, first]) replica.close();
  }
}

/** The greatest difference between the weights of two trainings. */
function difference(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>): number {
  expect([...a.keys()]).toEqual([...b.keys()]);
  let greatest = 0;
  for (const [name, values] of a) {
    for (const [i, value] of values.entries()) greatest = Math.max(greatest, Math.abs(value - b.get(name)![i]));
  }
  return greatest;
}

const characters = () =>
  characterLearner(mlp({ classes: 2, hidden: [16], dropout: 0.2 }), {
    train: bars(64),
    validation: bars(32, 2),
    batchSize: 16,
    seed: 5,
    augment: defaultCharacterAugmentation,
  });

async function lines(): Promise<Trainable> {
  const alphabet = new Alphabet(' aehinorstT');
  const glyphs = await openDataset('emnist-sample-train', { root: 'data' });
  const texts = ['the ash', 'a stone', 'That is', 'no rain', 'hair', 'reason', 'are'];
  const options = { maxLength: 20, height: 28, overlap: [0.05, 0.15] } as const;
  const dataset = drawnLines(emnistLines({ name: 'few', characters: glyphs, texts, options }), 1);
  const network = createLineNetwork('line-lstm-ctc', {
    classes: alphabet.size,
    channels: [4, 4],
    features: 16,
    units: 16,
    dropout: 0,
  });
  return lineLearner(network, alphabet, {
    train: [{ dataset, weight: 1 }],
    validation: [dataset],
    stepsPerEpoch: 2,
    batch: { maxLines: 5, maxColumns: 2048, maxWidth: 560 },
    chunkLines: 7,
    seed: 1,
  });
}

describe('replicas have the weights of one process with the whole batches, to rounding', () => {
  test.each([2, 3])('characters, with dropout and distortions: %i', async (count) => {
    const alone = await fit(characters(), { ...settings, folder: join(folder, `alone-${count}`) });
    const together = await fitTogether(characters(), count, { folder: join(folder, `together-${count}`) });
    expect(together).toMatchObject({ step: 12, epoch: 3, stopped: undefined });
    expect(difference(together.weights, alone.weights)).toBeLessThan(2e-6);
  });

  test('lines of several widths, five to a batch', async () => {
    const alone = await fit(await lines(), { ...settings, folder: join(folder, 'lines-alone') });
    const together = await fitTogether(await lines(), 2, { folder: join(folder, 'lines-together') });
    expect(difference(together.weights, alone.weights)).toBeLessThan(2e-6);
  });
});

test('what was interrupted resumes, and ends with the same bytes', async () => {
  const whole = await fitTogether(characters(), 2, { folder: join(folder, 'whole') });
  const interrupt = new AbortController();
  const afterSix: Callback = { name: 'after-six', onStepEnd: ({ step }) => void (step === 6 && interrupt.abort()) };
  const parts = { folder: join(folder, 'parts') };
  const begun = await fitTogether(characters(), 2, { ...parts, callbacks: [afterSix], signal: interrupt.signal });
  expect(begun).toMatchObject({ step: 6, stopped: 'interrupted' });
  const ended = await fitTogether(characters(), 2, parts);
  expect(ended.weights).toEqual(whole.weights);
});
