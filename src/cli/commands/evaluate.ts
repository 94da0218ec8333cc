import { Command } from 'commander';
import { withIdxReading, type IdxReading } from '../../datasets/sources/idx-reading.ts';
import { TextRecognizerError } from '../../errors.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { withAdapter } from '../../models/apply-adapter.ts';
import { readModel } from '../../models/model-store.ts';
import { readAdapter } from '../../models/read-adapter.ts';
import type { Device } from '../../runtime/session.ts';
import { evaluateModel } from '../../tasks/evaluate-model.ts';
import type { EvaluateModelOptions } from '../../tasks/task.ts';
import {
  adapterOption,
  dataRootOption,
  decoderOption,
  deviceOption,
  idxOptions,
  languageModelOption,
  skipBadOption,
  threadsOption,
} from '../options.ts';
import { addRuleOptions, readRules, type RuleFlags } from '../rule-options.ts';

interface EvaluateOptions extends Omit<EvaluateModelOptions, 'rules'>, RuleFlags, IdxReading {
  readonly json?: boolean;
  readonly adapter?: string;
  readonly confusion?: string;
  readonly report?: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `evaluate MODEL --data PREFIX`: compares a model with the labels of a data set. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('compare a model with the labels of a data set')
    .argument('<model>', 'a bundled model or a folder with a model.json')
    .requiredOption(
      '--data <name>',
      'a data set, the prefix of a pair of idx files or of a line pack, a CSV file of images, or a folder of shards',
    )
    .option('--json', 'print JSON')
    .option('--confusion <file>', 'characters: draw the confusion matrix as SVG')
    .addOption(decoderOption())
    .addOption(languageModelOption())
    .addOption(adapterOption());
  for (const option of idxOptions()) command.addOption(option);
  return addRuleOptions(command)
    .option('--report <file>', 'lines: write a report with examples and confusions as HTML')
    .addOption(skipBadOption())
    .addOption(dataRootOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runEvaluate);
}

/** What is to be written is known to be writable before the work, and the figures are printed before they are written. */
async function runEvaluate(name: string, options: EvaluateOptions): Promise<void> {
  for (const path of [options.confusion, options.report]) if (path !== undefined) await requireWritable(path);
  const stored = await readModel(name);
  const { adapter, labels, transposed, ...others } = options;
  const [data] = withIdxReading([options.data], { labels, transposed });
  const model = adapter === undefined ? stored : withAdapter(stored, await readAdapter(adapter));
  const evaluation = await evaluateModel(model, {
    ...others,
    data,
    rules: await readRules(options),
    onNotice: (message) => console.error(message),
  });
  const { title, json, rows, confusion, report } = evaluation;
  if (options.json) console.log(JSON.stringify(json));
  else console.log([title, ...rows.map(([label, value]) => `  ${label.padEnd(21)}${value}`)].join('\n'));
  await draw('--confusion', options.confusion, confusion);
  await draw('--report', options.report, report);
}

async function draw(flag: string, path: string | undefined, make?: () => string | Promise<string>): Promise<void> {
  if (path === undefined) return;
  if (!make)
    throw new TextRecognizerError('INVALID_ARGUMENT', `A model of this kind has nothing to write for ${flag}.`);
  await writeFileAtomic(path, await make());
}
