import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Dataset } from '../datasets/dataset.ts';
import { packageVersion } from '../files/package-version.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { CharacterModel } from './character-model.ts';
import type { CharacterEvaluation } from './evaluate-characters.ts';
import { modelCard } from './model-card.ts';
import { parseModelManifest, type ModelManifest } from './model-manifest.ts';
import { servingWork } from './serving-graph.ts';

/** What a saved model says about itself beyond its weights. */
export interface ModelStory {
  readonly name: string;
  readonly description: string;
  /** The data sets that it was trained on. */
  readonly data: readonly Dataset[];
  /** What is to be known of a data set, by its name. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Settings of the training, as JSON. */
  readonly recipe: ModelManifest['provenance']['recipe'];
  readonly evaluations: Readonly<Record<string, CharacterEvaluation>>;
}

/** Writes model.onnx, then model.json and README.md (the model card) into a folder. */
export async function saveCharacterModel(
  model: CharacterModel,
  folder: string,
  story: ModelStory,
): Promise<ModelManifest> {
  const onnx = model.servingGraph({ name: story.name });
  const manifest = parseModelManifest(JSON.stringify(describe(model, onnx, story)), 'The new model');
  await writeFileWhole(join(folder, manifest.file.name), onnx);
  await writeFileWhole(join(folder, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFileWhole(join(folder, 'README.md'), modelCard(manifest));
  return manifest;
}

function describe(model: CharacterModel, onnx: Uint8Array, story: ModelStory): ModelManifest {
  const { network, weights, height, width, classes, temperature } = model;
  return {
    format: 1,
    name: story.name,
    kind: 'character',
    description: story.description,
    network: { name: network.name, config: network.config as ModelManifest['network']['config'] },
    classes: [...classes],
    stem: { name: 'character', height, width },
    temperature,
    parameters: [...weights.values()].reduce((total, { length }) => total + length, 0),
    multiplyAccumulates: servingWork(network, weights, { height, width }),
    file: { name: 'model.onnx', bytes: onnx.length, sha256: createHash('sha256').update(onnx).digest('hex') },
    provenance: {
      data: story.data.map(({ name, length }) => ({
        name: basename(name),
        items: length,
        licence: licenceOf(name),
        note: story.notes?.[basename(name)],
      })),
      recipe: story.recipe,
      software: { 'text-recognizer': packageVersion(), node: process.versions.node },
      date: new Date().toISOString().slice(0, 10),
    },
    licence: 'MIT',
    metrics: Object.fromEntries(
      Object.entries(story.evaluations).map(([name, evaluation]) => [name, figures(evaluation)]),
    ),
  };
}

/** The licence of a data set by its name; said to be unknown rather than guessed. */
function licenceOf(name: string): string {
  return basename(name).startsWith('emnist') ? 'Public domain (NIST)' : 'unknown';
}

function figures(evaluation: CharacterEvaluation): Record<string, number> {
  const { count, accuracy, accuracyCaseMerged, accuracyLookAlikesMerged, calibrationError, loss } = evaluation;
  return { count, accuracy, accuracyCaseMerged, accuracyLookAlikesMerged, calibrationError, loss };
}
