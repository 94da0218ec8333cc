import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emnistLines } from '../../datasets/synthesis/emnist-lines.ts';
import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { drawnLines } from '../../datasets/lines/memory-lines.ts';
import { openDataset } from '../../datasets/registry.ts';
import { argmax } from '../../graph/reduce.ts';
import { runGraph } from '../../graph/testing/run-graph.ts';
import { imageInput } from '../../networks/image-input.ts';
import { lineLstm } from '../../networks/course/line-lstm.ts';
import { TrainingContext } from '../../networks/training-context.ts';
import { LinePredictor } from '../../reading/line-predictor.ts';
import { trainingTarget } from '../../runtime/channel-block.ts';
import { Alphabet } from '../../text/alphabet.ts';
import { layOutLine } from '../../models/line-layout.ts';
import { fit, withServingSession } from '../../training/fit.ts';
import { writeModel } from '../write-model.ts';
import { lineLearner, type LineLearner } from './line-learner.ts';

const alphabet = new Alphabet(' aehnost');
const words = ['noon', 'the', 'a hen', 'seen'];

test('reads by position of the text what it memorized, as trained, as saved, and on a picture', async () => {
  const options = { maxLength: 5, height: 28, overlap: [0, 0.1] } as const;
  const characters = await openDataset('emnist-sample-train', { root: 'data' });
  const dataset = drawnLines(emnistLines({ name: 'words', characters, texts: words, options }), 1);
  const sizes = { channels: [8, 8] as [number, number], features: 32, units: 32, dropout: 0, positions: 6 };
  const learner = lineLearner(lineLstm({ classes: alphabet.size, ...sizes }), alphabet, {
    train: [{ dataset, weight: 1 }],
    validation: [dataset],
    stepsPerEpoch: 150,
    batch: { maxLines: 4, maxColumns: 672, widthStep: 168, maxWidth: 168 },
    chunkLines: 4,
    seed: 1,
  });
  const folder = mkdtempSync(join(tmpdir(), 'line-lstm-'));
  const { weights } = await fit(learner, {
    folder,
    epochs: 1,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'one-cycle', learningRate: 0.02, riseShare: 0.2 },
    seed: 1,
    threads: 2,
    loaderThreads: 1,
  });
  const calibration = { confidence: {} };
  const evaluations = await withServingSession(learner, weights, {}, (session) =>
    learner.evaluate(session, calibration),
  );
  const { readings, cer } = evaluations['words, greedy'];
  expect(readings.map(({ hypothesis }) => hypothesis)).toEqual(words);
  expect(cer.rate).toBe(0);
  expect(await readAsTrained(learner, weights, dataset)).toEqual(words);

  const model = { learner, weights, calibration, evaluations: {} };
  await writeModel(folder, model, { name: 'words', description: '', recipe: {} });
  const predictor = await LinePredictor.load({ model: folder, threads: 1 });
  expect(predictor.manifest).toMatchObject({ stem: { height: 28, widthStep: 168, maxWidth: 2016 } });
  expect(predictor.manifest.stride).toBeUndefined();
  for (const [i, word] of words.entries()) {
    const image = dataset.image(i);
    for (const decoder of ['greedy', 'beam'] as const) {
      const { text, characters, polygon } = await predictor.predictGray(image, { decoder });
      expect(text).toBe(word);
      // It reads by position, and does not know the place.
      expect(characters.map((character) => character.polygon)).toEqual([...word].map(() => polygon));
    }
  }
  await predictor.close();
}, 60_000);

/** The texts of the largest logits of the graph that is trained, up to the first blank. */
async function readAsTrained(
  { network }: LineLearner,
  weights: ReadonlyMap<string, Float32Array>,
  dataset: LineDataset,
): Promise<string[]> {
  const lines = dataset.lines.map((_, i) => layOutLine(dataset.image(i), { ...network, maxWidth: network.widthStep }));
  const context = new TrainingContext();
  const logits = network.build(context, imageInput(lines.length, network.height, network.widthStep).images);
  const images = Uint8Array.from(lines.flatMap(({ data }) => [...data]));
  const feeds = {
    images: { data: images, shape: [lines.length, network.height, network.widthStep] },
    ...Object.fromEntries(context.parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, shape }])),
  };
  const { best } = await runGraph({ best: argmax(logits, 2) }, feeds, await trainingTarget('cpu'));
  const labels = Array.from(best.data, Number);
  return lines.map((_, i) => {
    const row = labels.slice(i * network.positions!, (i + 1) * network.positions!);
    return alphabet.decode(row.slice(0, row.includes(0) ? row.indexOf(0) : row.length));
  });
}
