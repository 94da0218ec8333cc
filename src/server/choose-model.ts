import type { ImageHeader } from '../images/decode-image.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import { defaultModels, kindOfShape } from '../predictors/default-models.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { PredictOptions } from './prediction-service.ts';
import { ProblemError } from './problem.ts';
import type { ServedModel } from './reader.ts';

/** What was asked for: a model, its place among those served, and a decoder that it has. */
export interface ModelChoice {
  readonly index: number;
  readonly manifest: ModelManifest;
  readonly decoder: LineDecoder;
}

/**
 * Whether the shape of an image that comes without a model's name chooses: where both defaults are served, and the first model,
 * which would read it otherwise, is one of them.
 */
export function choosesByShape(models: readonly ServedModel[]): boolean {
  const names = models.map(({ manifest }) => manifest.name);
  const defaults = Object.values(defaultModels);
  return defaults.includes(names[0]) && defaults.every((name) => names.includes(name));
}

/** Throws MODEL_NOT_FOUND or UNSUPPORTED_DECODER for what no image could be read with. */
export function checkChoice(models: readonly ServedModel[], options: Pick<PredictOptions, 'model' | 'decoder'>): void {
  if (options.model !== undefined || !choosesByShape(models)) chooseModel(models, options);
}

/** The served model for an image: the one that was asked for, or else the one for its shape, where shapes choose, or the first. */
export function chooseModelFor(
  { width, height }: ImageHeader,
  models: readonly ServedModel[],
  options: Pick<PredictOptions, 'model' | 'decoder'>,
): ModelChoice {
  if (options.model !== undefined || !choosesByShape(models)) return chooseModel(models, options);
  return chooseModel(models, { ...options, model: defaultModels[kindOfShape(width / height)] });
}

/** The served model of that name and its decoder, each by default the first; throws MODEL_NOT_FOUND or UNSUPPORTED_DECODER. */
export function chooseModel(
  models: readonly ServedModel[],
  { model, decoder: wanted }: Pick<PredictOptions, 'model' | 'decoder'> = {},
): ModelChoice {
  const index = model === undefined ? 0 : models.findIndex(({ manifest }) => manifest.name === model);
  if (index < 0) {
    const names = models.map(({ manifest }) => manifest.name).join(', ');
    const given = String(model).slice(0, 100);
    throw new ProblemError('MODEL_NOT_FOUND', `The model '${given}' is not served here; there is ${names}.`);
  }
  const { manifest, decoders } = models[index];
  const decoder = wanted ?? decoders[0];
  if (decoders.includes(decoder)) return { index, manifest, decoder };
  throw new ProblemError(
    'UNSUPPORTED_DECODER',
    `The model '${manifest.name}' does not decode with '${decoder}' here; ask for ${decoders.join(' or ')}.`,
  );
}
