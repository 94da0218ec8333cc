import { openDataset } from '../../datasets/registry.ts';
import { withClasses } from '../../datasets/with-classes.ts';
import { TextRecognizerError } from '../../errors.ts';
import type { ModelManifest } from '../../models/model-manifest.ts';
import { percent } from '../../report/percent.ts';
import { confusionMatrixSvg } from '../../report/confusion-matrix-svg.ts';
import type { Session } from '../../runtime/session.ts';
import type { EvaluateModelOptions, ModelEvaluation } from '../task.ts';
import { confusionRows, evaluateCharacters } from './evaluate-characters.ts';

/**
 * Compares a saved model with a data set of characters; its labels are matched with the model's
 * classes by name. Throws DATASET_INVALID where a class is not the model's, or the size is another.
 */
export async function evaluateCharacterModel(
  manifest: ModelManifest,
  session: Session,
  { data, dataRoot, onNotice }: EvaluateModelOptions,
): Promise<ModelEvaluation> {
  if (manifest.kind !== 'character')
    throw new TextRecognizerError('MODEL_INVALID', `${manifest.name} reads no characters.`);
  const { name, classes, stem, temperature } = manifest;
  const dataset = withClasses(await openDataset(data, { root: dataRoot, onNotice }), classes);
  if (dataset.height !== stem.height || dataset.width !== stem.width) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `Data set '${dataset.name}' has images of ${dataset.height}×${dataset.width} pixels; model '${name}' reads ${stem.height}×${stem.width}.`,
    );
  }
  // The temperature is in the graph's probabilities already; the figures here are computed from the logits.
  const evaluation = await evaluateCharacters(session, dataset, temperature);
  const { confusion: _, correct, ...figures } = evaluation;
  const title = `${name} on ${dataset.name}`;
  return {
    title,
    json: { model: name, data: dataset.name, ...figures },
    rows: [
      ['images', String(figures.count)],
      ['accuracy', percent(figures.accuracy, 2)],
      ['case merged', percent(figures.accuracyCaseMerged, 2)],
      ['look-alikes merged', percent(figures.accuracyLookAlikesMerged, 2)],
      ['calibration error', figures.calibrationError.toFixed(4)],
      ['ms per image', figures.millisecondsPerImage.toFixed(3)],
    ],
    items: Array.from(correct, (isCorrect) => ({ errors: 1 - isCorrect, length: 1 })),
    confusion: () => confusionMatrixSvg({ title, classes, counts: confusionRows(evaluation) }),
  };
}
