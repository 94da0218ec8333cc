import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../src/datasets/dataset.ts';
import { EMNIST_SPLITS } from '../src/datasets/sources/emnist-classes.ts';
import { openDataset } from '../src/datasets/registry.ts';
import { evaluateCharacters, type CharacterEvaluation } from '../src/tasks/character/evaluate-characters.ts';
import { modelCard } from '../src/models/model-card.ts';
import type { CharacterModelManifest } from '../src/models/model-manifest.ts';
import { bundledModels, listModels, readModel } from '../src/models/model-store.ts';
import { Session } from '../src/runtime/session.ts';
import { modelLimits } from './support/model-limits.ts';

/** What each model must reach on the bundled sample where case does not count; `modelLimits` says what where it does. */
const caseMergedFloors: Readonly<Record<string, number>> = { mlp: 0.78, lenet: 0.81, 'character-cnn': 0.85 };

const manifests = (await listModels()).filter((manifest) => manifest.kind === 'character');
let sample: Dataset;

beforeAll(async () => {
  sample = await openDataset('emnist-sample-test', { root: 'data' });
});

test('every model that comes along has a floor', () => {
  const names = manifests.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['character-cnn', 'mlp']));
  expect(Object.keys(caseMergedFloors)).toEqual(expect.arrayContaining(names));
});

describe.each(manifests)('$name', (manifest) => {
  const { name, classes, file, metrics, provenance } = manifest;
  const folder = join(bundledModels, name);

  test('is the file that its manifest describes', async () => {
    const onnx = await readFile(join(folder, file.name));
    expect(onnx.length).toBe(file.bytes);
    expect(createHash('sha256').update(onnx).digest('hex')).toBe(file.sha256);
  });

  test('has a card that says what its manifest says', async () => {
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(modelCard(manifest));
  });

  test('names its classes, its data with their terms, and how it was tested', () => {
    expect(classes).toEqual(EMNIST_SPLITS.byclass.classes);
    expect(provenance.data.length).toBeGreaterThan(0);
    for (const { licence } of provenance.data) expect(licence).not.toBe('unknown');
    expect(metrics['emnist-byclass-test'].count).toBeGreaterThanOrEqual(12000);
    expect(metrics['emnist-byclass-test'].calibrationError).toBeLessThanOrEqual(0.02);
  });

  test('reads the bundled sample as well as it should, and knows how sure it may be', async () => {
    const evaluation = await evaluate(manifest);
    expect(1 - evaluation.accuracy).toBeLessThanOrEqual(modelLimits(manifest).mostErrors);
    expect(evaluation.accuracyCaseMerged).toBeGreaterThanOrEqual(caseMergedFloors[name]);
    expect(evaluation.accuracyLookAlikesMerged).toBeGreaterThanOrEqual(evaluation.accuracyCaseMerged);
    // Rare classes are more frequent here than in what it is calibrated for.
    expect(evaluation.calibrationError).toBeLessThan(0.12);
  });
});

async function evaluate({ name, temperature }: CharacterModelManifest): Promise<CharacterEvaluation> {
  const session = await Session.load((await readModel(name)).onnx);
  try {
    return await evaluateCharacters(session, sample, temperature);
  } finally {
    await session.close();
  }
}
