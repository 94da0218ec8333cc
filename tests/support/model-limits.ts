import { TextRecognizerError } from '../../src/errors.ts';
import type { ModelManifest } from '../../src/models/model-manifest.ts';

/**
 * The most errors of each model that comes along: of characters in the bundled sample of EMNIST's test part, where all classes are
 * equally frequent, so that it is harder than the whole test part that the cards report on; of lines in 40 that are set from it;
 * for the finder of lines, 1 − F1 on a sheet of the sample's lines.
 */
const mostErrors: Readonly<Record<string, number>> = {
  mlp: 0.34,
  lenet: 0.31,
  'character-cnn': 0.29,
  'line-recognizer-open': 0.15,
  'line-recognizer': 0.18,
  'line-cnn-all-conv': 0.16,
  'line-cnn-sliding-window': 0.14,
  'line-lstm-ctc': 0.1,
  page: 0.1,
};

/** What evaluating a model may take on two cores, by what it reads: as long as the course allows. */
const mostSeconds: Readonly<Record<ModelManifest['kind'], number>> = { character: 10, line: 120, page: 10 };

/** What a model that comes along must keep; throws INVALID_ARGUMENT for one that is not in the table. */
export function modelLimits({ name, kind }: ModelManifest): { mostErrors: number; mostSeconds: number } {
  if (name in mostErrors) return { mostErrors: mostErrors[name], mostSeconds: mostSeconds[kind] };
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `Model '${name}' has no limit; add it to tests/support/model-limits.ts.`,
  );
}
