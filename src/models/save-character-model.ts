import { basename } from 'node:path';
import type { CharacterModel } from './character-model.ts';
import type { CharacterEvaluation } from './evaluate-characters.ts';
import type { ModelManifest } from './model-manifest.ts';
import { servingWork } from './serving-graph.ts';
import { commonManifest, writeModel, type ModelStory } from './write-model.ts';

/** Writes model.onnx, then model.json and README.md (the model card) into a folder. */
export async function saveCharacterModel(
  model: CharacterModel,
  folder: string,
  story: ModelStory<CharacterEvaluation>,
): Promise<ModelManifest> {
  const { network, weights, height, width, classes, temperature } = model;
  const onnx = model.servingGraph({ name: story.name });
  return await writeModel(folder, onnx, {
    ...commonManifest(model, onnx, story, licenceOf, figures),
    kind: 'character',
    classes: [...classes],
    stem: { name: 'character', height, width },
    temperature,
    multiplyAccumulates: servingWork(network, weights, { height, width }),
    licence: 'MIT',
  });
}

/** The licence of a data set by its name; said to be unknown rather than guessed. */
function licenceOf(name: string): string {
  return basename(name).startsWith('emnist') ? 'Public domain (NIST)' : 'unknown';
}

function figures(evaluation: CharacterEvaluation): Record<string, number> {
  const { count, accuracy, accuracyCaseMerged, accuracyLookAlikesMerged, calibrationError, loss } = evaluation;
  return { count, accuracy, accuracyCaseMerged, accuracyLookAlikesMerged, calibrationError, loss };
}
