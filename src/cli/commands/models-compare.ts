import { Command } from 'commander';
import { compareModels, type CompareOptions, type Comparison } from '../../experiments/promotion/compare-models.ts';
import { readModel } from '../../models/model-store.ts';
import { percent } from '../../report/percent.ts';
import {
  collect,
  dataRootOption,
  decoderOption,
  deviceOption,
  languageModelOption,
  skipBadOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';

interface CompareFlags extends CompareOptions {
  readonly json?: boolean;
}

/** `models compare A B --data NAME`: the difference of two models with its interval. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('compare two models on the same data, with a confidence interval of the difference (paired bootstrap)')
    .argument('<a>', 'a bundled model or a folder with a model.json')
    .argument('<b>', 'another model')
    .requiredOption('--data <name>', 'a data set for both models; may be given several times', collect)
    .option('--resamples <number>', 'number of bootstrap resamples', wholeNumber(100), 10_000)
    .option('--seed <number>', 'seed of the bootstrap', wholeNumber(0), 42)
    .option('--json', 'print JSON')
    .addOption(decoderOption())
    .addOption(languageModelOption())
    .addOption(skipBadOption())
    .addOption(dataRootOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runCompare);
}

async function runCompare(a: string, b: string, { json, ...options }: CompareFlags): Promise<void> {
  const onNotice = (message: string) => console.error(message);
  const [before, after] = await Promise.all([readModel(a), readModel(b)]);
  const comparisons = await compareModels(before, after, { ...options, onNotice });
  if (json) console.log(JSON.stringify(comparisons));
  else for (const comparison of comparisons) console.log(describe(a, b, comparison));
}

function describe(a: string, b: string, { data, items, before, after, difference, low, high }: Comparison): string {
  const verdict = low > 0 ? `${b} is worse` : high < 0 ? `${b} is better` : 'the data leave open which is better';
  return [
    `${data}, ${items} items`,
    `  errors of ${a}: ${percent(before, 2)}`,
    `  errors of ${b}: ${percent(after, 2)}`,
    `  difference: ${percent(difference, 2)}, with 95 % confidence ${percent(low, 2)} to ${percent(high, 2)}: ${verdict}`,
  ].join('\n');
}
