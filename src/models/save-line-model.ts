import type { LineEvaluation } from './evaluate-lines.ts';
import type { LineModel } from './line-model.ts';
import { lineLicence } from './line-licence.ts';
import { lineServingWork } from './line-serving-graph.ts';
import { commonManifest, writeModel, type ModelStory } from './write-model.ts';

/** Writes model.onnx, then model.json and README.md (the model card) into a folder. */
export async function saveLineModel(
  model: LineModel,
  folder: string,
  story: ModelStory<LineEvaluation>,
): Promise<void> {
  const { network, weights, alphabet, layout, calibration } = model;
  const { stride, ...stem } = layout;
  const onnx = model.servingGraph({ name: story.name });
  const common = commonManifest(model, onnx, story, lineLicence, lineFigures);
  await writeModel(folder, onnx, {
    ...common,
    kind: 'line',
    alphabet: alphabet.characters.join(''),
    stem: { name: 'line', ...stem },
    stride,
    confidence: calibration.confidence,
    ...(calibration.fusion && { fusion: calibration.fusion }),
    multiplyAccumulates: lineServingWork(network, weights),
    licence: weightsLicence(common.provenance.data.map(({ licence }) => licence)),
  });
}

/** Data for research alone makes weights for research alone. */
function weightsLicence(licences: readonly string[]): string {
  const restricted = licences.find((licence) => /non-commercial/i.test(licence));
  return restricted === undefined ? 'MIT' : 'Non-commercial research only, as the data sets below demand';
}

/** What a manifest says of an evaluation. */
export function lineFigures(evaluation: LineEvaluation): Record<string, number> {
  const { lines, cer, wer, meanLineAccuracy, exact, characterCalibrationError, wordCalibrationError } = evaluation;
  const errors = { characterCalibrationError, wordCalibrationError };
  return { lines, cer: cer.rate, wer: wer.rate, lineAccuracy: meanLineAccuracy, exact, ...errors };
}
