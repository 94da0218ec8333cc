import type { ModelManifest } from '../models/model-manifest.ts';
import { ProblemError } from './problem.ts';

/** The served model of that name, by default the first; throws MODEL_NOT_FOUND. */
export function findModel(models: readonly ModelManifest[], name: string | undefined): ModelManifest {
  if (name === undefined) return models[0];
  const found = models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = models.map((model) => model.name).join(', ');
  throw new ProblemError('MODEL_NOT_FOUND', `The model '${name.slice(0, 100)}' is not served here; there is ${names}.`);
}
