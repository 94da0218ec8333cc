import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelCard } from '../../models/model-card.ts';
import { imageInput } from '../../networks/image-input.ts';
import { mlp } from '../../networks/course/mlp.ts';
import { initialParameters, TrainingContext } from '../../networks/training-context.ts';
import { readModel } from '../../models/model-store.ts';
import { Session } from '../../runtime/session.ts';
import { withServingSession } from '../../training/fit.ts';
import { writeModel } from '../write-model.ts';
import { characterLearner } from './character-learner.ts';
import { bars } from './testing/bars.ts';

const network = mlp({ classes: 2, hidden: [3], dropout: 0 });
const dataset = bars(16);
const run = { id: 'a-run', commits: ['c0ffee'], weights: 'a'.repeat(64), parents: [] };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function untrainedModel() {
  const context = new TrainingContext();
  network.build(context, imageInput(1, 8, 8).images);
  const weights = initialParameters(context.parameters, 7);
  const parts = [dataset, { ...dataset, name: 'somewhere/emnist-extra' }];
  const learner = characterLearner(network, { train: dataset, validation: dataset, parts, batchSize: 2, seed: 1 });
  const evaluations = await withServingSession(learner, weights, {}, (session) => learner.evaluate(session, 2));
  return { learner, weights, calibration: 2, evaluations };
}

test('a saved model is read back with what it says of itself, and computes the same', async () => {
  const model = await untrainedModel();
  const manifest = await writeModel(folder, model, {
    name: 'bars',
    description: 'Tells lying from standing.',
    notes: { bars: 'Drawn by a program.' },
    recipe: { epochs: 0 },
    run,
  });

  const stored = await readModel(folder);
  expect(stored.manifest).toEqual(manifest);
  expect(manifest).toMatchObject({
    name: 'bars',
    classes: ['-', '|'],
    temperature: 2,
    // 64 × 3 + 3 and 3 × 2 + 2 weights; a multiplication for each but the biases.
    parameters: 203,
    multiplyAccumulates: 198,
    stem: { height: 8, width: 8 },
    provenance: {
      data: [
        { name: 'bars', items: 16, licence: 'unknown', note: 'Drawn by a program.' },
        { name: 'emnist-extra', items: 16, licence: 'Public domain (NIST)' },
      ],
      run,
    },
    metrics: { validation: { count: 16, accuracy: model.evaluations.validation.accuracy } },
  });

  const images = { data: new Uint8Array(16 * 64), shape: [16, 8, 8] };
  dataset.read([...dataset.labels.keys()], images.data);
  const { learner, weights } = model;
  const [saved, kept] = [stored.onnx, learner.calibratedGraph(weights, 2, 'bars')].map(async (onnx) => {
    const session = await Session.load(onnx);
    const { probabilities } = await session.run({ images });
    await session.close();
    return probabilities.data;
  });
  expect(await saved).toEqual(await kept);
});

test('the card is made from the manifest alone', async () => {
  const story = { name: 'bars', description: '', recipe: {}, notes: { bars: 'By a program.' } };
  const manifest = await writeModel(folder, await untrainedModel(), story);
  const card = await readFile(join(folder, 'README.md'), 'utf8');
  expect(card).toBe(modelCard(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'))));
  expect(card).toContain('- bars: 16 images, unknown. By a program.');
  expect(card).toContain(manifest.file.sha256);
});
