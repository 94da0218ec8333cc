import type { ModelManifest } from '../models/model-manifest.ts';
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

/** The served model of that name, by default the first, and the decoder; throws MODEL_NOT_FOUND or UNSUPPORTED_DECODER. */
export function chooseModel(
  models: readonly ServedModel[],
  { model, decoder = 'greedy' }: Pick<PredictOptions, 'model' | 'decoder'> = {},
): ModelChoice {
  const index = model === undefined ? 0 : models.findIndex(({ manifest }) => manifest.name === model);
  if (index < 0) {
    const names = models.map(({ manifest }) => manifest.name).join(', ');
    const given = String(model).slice(0, 100);
    throw new ProblemError('MODEL_NOT_FOUND', `The model '${given}' is not served here; there is ${names}.`);
  }
  const { manifest, decoders } = models[index];
  if (decoders.includes(decoder)) return { index, manifest, decoder };
  throw new ProblemError(
    'UNSUPPORTED_DECODER',
    `The model '${manifest.name}' does not decode with '${decoder}' here; ask for ${decoders.join(' or ')}.`,
  );
}
