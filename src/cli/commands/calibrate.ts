import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { parseRecipe } from '../../experiments/recipe.ts';
import { decodeText } from '../../files/decode-text.ts';
import { readModel } from '../../models/model-store.ts';
import { Session, type Device } from '../../runtime/session.ts';
import { lineExperimentSchema } from '../../tasks/line/line-experiment.ts';
import { lineTask } from '../../tasks/line/line-task.ts';
import { writeModelFiles } from '../../tasks/write-model.ts';
import { collect, dataRootOption, deviceOption, threadsOption } from '../options.ts';

interface CalibrateOptions {
  readonly experiment: string;
  readonly test?: readonly string[];
  readonly dataRoot: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `calibrate MODEL --experiment FILE`: fits a saved model of lines to another language model; its weights stay as they are. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description(
      'fit the confidences and the language model weight of a saved line model again; the weights do not change',
    )
    .argument('<model>', 'a model folder; its model.json is rewritten')
    .requiredOption('--experiment <file>', 'an experiment that names the language model and the data to fit to')
    .option('--test <name>', 'a data set to report on in the card; may be given several times', collect)
    .addOption(dataRootOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runCalibrate);
}

async function runCalibrate(folder: string, options: CalibrateOptions): Promise<void> {
  const { experiment: file, dataRoot, test } = options;
  const { manifest, onnx } = await readModel(folder);
  const recipe = parseRecipe(decodeText(await readFile(file)), file);
  if (manifest.kind !== 'line' || recipe.kind !== 'line') {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      'Only line models can be calibrated again; other models need their weights (train --from FILE --epochs 0).',
    );
  }
  const { experiment } = recipe.stages[recipe.stages.length - 1];
  const onNotice = (message: string) => console.error(message);
  const [learner] = await lineTask.open([lineExperimentSchema.parse(experiment)], { dataRoot, test, onNotice });
  const session = await Session.load(onnx, options);
  try {
    const calibration = await learner.calibrate(session);
    const evaluations = await learner.evaluate(session, calibration);
    for (const [name, evaluation] of Object.entries(evaluations))
      console.log(`${name}: ${lineTask.summary(evaluation)}`);
    const listed = Object.keys(manifest.metrics);
    const lost = listed.filter((name) => evaluations[name] === undefined);
    if (lost.length > 0) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `The card has figures for ${lost.join('; ')}: also name these sets with --test.`,
      );
    }
    const metrics = Object.fromEntries(listed.map((name) => [name, { ...learner.figures(evaluations[name]) }]));
    await writeModelFiles(folder, onnx, { ...manifest, ...calibration, metrics });
  } finally {
    await session.close();
  }
}
