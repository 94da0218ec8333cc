import { imageInput } from '../../../networks/image-input.ts';
import { lineRecognizer } from '../../../networks/line-recognizer.ts';
import { initialParameters, TrainingContext } from '../../../networks/training-context.ts';
import { lineAlphabet } from '../../../text/line-alphabet.ts';
import { writeModel } from '../../write-model.ts';
import { lineLearner } from '../line-learner.ts';

/** Saves a small line model with initial weights, changed by `change` if given, as a folder that predictors load. */
export async function saveUntrainedLineModel(
  folder: string,
  name: string,
  change: (weights: Map<string, Float32Array>) => void = () => {},
): Promise<void> {
  const network = lineRecognizer({ classes: lineAlphabet.size, channels: [16, 16, 16], sequence: 16, dilations: [1] });
  const context = new TrainingContext();
  network.build(context, imageInput(1, 64, 64).images);
  const weights = initialParameters(context.parameters, 1);
  for (const { name: statistic, size, initial } of context.statistics) {
    weights.set(statistic, new Float32Array(size).fill(initial));
  }
  change(weights);
  const batch = { maxLines: 1, maxColumns: 64, maxWidth: 64 };
  const learner = lineLearner(network, lineAlphabet, { train: [], validation: [], seed: 1, stepsPerEpoch: 1, batch });
  const model = { learner, weights, calibration: { confidence: {} }, evaluations: {} };
  await writeModel(folder, model, { name, description: 'A test.', recipe: {} });
}
