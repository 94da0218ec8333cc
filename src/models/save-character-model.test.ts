import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initialParameters, TrainingContext } from '../networks/training-context.ts';
import { imageInput } from '../networks/image-input.ts';
import { mlp } from '../networks/mlp.ts';
import { readModel } from '../predictors/model-store.ts';
import { Session } from '../runtime/session.ts';
import { CharacterModel } from './character-model.ts';
import { modelCard } from './model-card.ts';
import { saveCharacterModel } from './save-character-model.ts';
import { bars } from './testing/bars.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'save-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function untrainedModel(): CharacterModel {
  const network = mlp({ classes: 2, hidden: [3], dropout: 0 });
  const context = new TrainingContext();
  network.build(context, imageInput(1, 8, 8).images);
  const model = new CharacterModel(bars(2), network);
  model.setWeights(initialParameters(context.parameters, 7), 2);
  return model;
}

test('a saved model is read back with what it says of itself, and computes the same', async () => {
  const model = untrainedModel();
  const dataset = bars(16);
  const evaluation = await model.evaluate(dataset);
  const manifest = await saveCharacterModel(model, folder, {
    name: 'bars',
    description: 'Tells lying from standing.',
    data: [dataset, { ...dataset, name: 'somewhere/emnist-extra' }],
    notes: { bars: 'Drawn by a program.' },
    recipe: { epochs: 0 },
    evaluations: { bars: evaluation },
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
    },
    metrics: { bars: { count: 16, accuracy: evaluation.accuracy } },
  });

  const images = new Uint8Array(16 * 64);
  dataset.read([...dataset.labels.keys()], images);
  const session = await Session.load(stored.onnx);
  const { probabilities } = await session.run({ images: { data: images, shape: [16, 8, 8] } });
  await session.close();
  expect(probabilities.data).toEqual(await model.predict(images));
});

test('the card is made from the manifest alone', async () => {
  const story = { name: 'bars', description: '', data: [bars(2)], recipe: {}, evaluations: {} };
  const manifest = await saveCharacterModel(untrainedModel(), folder, { ...story, notes: { bars: 'By a program.' } });
  const card = await readFile(join(folder, 'README.md'), 'utf8');
  expect(card).toBe(modelCard(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'))));
  expect(card).toContain('- bars: 2 images, unknown. By a program.');
  expect(card).toContain(manifest.file.sha256);
});
