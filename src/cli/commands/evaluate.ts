import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileWhole } from '../../files/write-file-whole.ts';
import { openDataset } from '../../datasets/registry.ts';
import { confusionRows, evaluateCharacters, type CharacterEvaluation } from '../../models/evaluate-characters.ts';
import { readModel } from '../../predictors/model-store.ts';
import { confusionMatrixSvg } from '../../report/confusion-matrix-svg.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import { Session, type Device } from '../../runtime/session.ts';
import { evaluateLineModel } from '../evaluate-line-model.ts';
import { dataRootOption, decoderOption, deviceOption, languageModelOption, threadsOption } from '../options.ts';
import { percent } from '../percent.ts';

interface EvaluateOptions {
  readonly data: string;
  readonly json?: boolean;
  readonly confusion?: string;
  readonly decoder?: LineDecoder;
  readonly languageModel?: string;
  readonly report?: string;
  readonly dataRoot: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `evaluate MODEL --data PREFIX`: compares a model with the labels of a data set. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('compare a model with the labels of a data set')
    .argument('<model>', 'a bundled model or a folder with a model.json')
    .requiredOption(
      '--data <name>',
      'a data set, the prefix of a pair of idx files or of a line pack, or a folder of shards',
    )
    .option('--json', 'print JSON')
    .option('--confusion <file>', 'characters: draw the confusion matrix as SVG')
    .addOption(decoderOption())
    .addOption(languageModelOption())
    .option('--report <file>', 'lines: write a report with examples and confusions as HTML')
    .addOption(dataRootOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runEvaluate);
}

async function runEvaluate(name: string, options: EvaluateOptions): Promise<void> {
  const { manifest, onnx } = await readModel(name);
  if (manifest.kind === 'line') return await evaluateLineModel(manifest, onnx, options);
  const dataset = await openDataset(options.data, { root: options.dataRoot });
  const { classes, stem } = manifest;
  if (
    dataset.classes.join('\n') !== classes.join('\n') ||
    dataset.height !== stem.height ||
    dataset.width !== stem.width
  ) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `Data set '${dataset.name}' has other classes or another size than model '${manifest.name}' reads.`,
    );
  }
  const session = await Session.load(onnx, options);
  try {
    // The temperature is in the graph's probabilities already; the figures here are computed from the logits.
    const evaluation = await evaluateCharacters(session, dataset, manifest.temperature);
    if (options.confusion !== undefined)
      await writeConfusion(options.confusion, `${manifest.name} on ${dataset.name}`, classes, evaluation);
    print(manifest.name, dataset.name, evaluation, options);
  } finally {
    await session.close();
  }
}

async function writeConfusion(
  path: string,
  title: string,
  classes: readonly string[],
  evaluation: CharacterEvaluation,
): Promise<void> {
  await writeFileWhole(path, confusionMatrixSvg({ title, classes, counts: confusionRows(evaluation) }));
}

function print(model: string, data: string, evaluation: CharacterEvaluation, { json }: EvaluateOptions): void {
  const { confusion: _, ...figures } = evaluation;
  if (json) return console.log(JSON.stringify({ model, data, ...figures }));
  const rows: [string, string][] = [
    ['images', String(figures.count)],
    ['accuracy', percent(figures.accuracy, 2)],
    ['case merged', percent(figures.accuracyCaseMerged, 2)],
    ['look-alikes merged', percent(figures.accuracyLookAlikesMerged, 2)],
    ['calibration error', figures.calibrationError.toFixed(4)],
    ['ms per image', figures.millisecondsPerImage.toFixed(3)],
  ];
  console.log(`${model} on ${data}`);
  for (const [label, value] of rows) console.log(`  ${label.padEnd(20)}${value}`);
}
