import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileWhole } from '../../files/write-file-whole.ts';
import { readModel } from '../../predictors/model-store.ts';
import { Session, type Device } from '../../runtime/session.ts';
import type { EvaluateModelOptions } from '../../tasks/task.ts';
import { withTask } from '../../tasks/with-task.ts';
import { dataRootOption, decoderOption, deviceOption, languageModelOption, threadsOption } from '../options.ts';

interface EvaluateOptions extends EvaluateModelOptions {
  readonly json?: boolean;
  readonly confusion?: string;
  readonly report?: string;
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
  const session = await Session.load(onnx, options);
  try {
    const evaluation = await withTask(manifest.kind, (task) => task.evaluateModel(manifest, session, options));
    const { title, json, rows, confusion, report } = evaluation;
    await draw('--confusion', options.confusion, confusion);
    await draw('--report', options.report, report);
    if (options.json) return console.log(JSON.stringify(json));
    console.log(title);
    for (const [label, value] of rows) console.log(`  ${label.padEnd(21)}${value}`);
  } finally {
    await session.close();
  }
}

async function draw(flag: string, path: string | undefined, make?: () => string | Promise<string>): Promise<void> {
  if (path === undefined) return;
  if (!make)
    throw new TextRecognizerError('INVALID_ARGUMENT', `A model of this kind has nothing to write for ${flag}.`);
  await writeFileWhole(path, await make());
}
