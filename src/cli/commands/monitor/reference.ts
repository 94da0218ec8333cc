import { join } from 'node:path';
import { Command, Option } from 'commander';
import { findModel } from '../../../models/model-store.ts';
import { REFERENCE_FILE } from '../../../server/monitoring/read-reference.ts';
import { writeModelReference } from '../../monitoring/write-model-reference.ts';
import { collect, dataRootOption, wholeNumber } from '../../options.ts';

interface ReferenceFlags {
  readonly data: readonly string[];
  readonly errorsData: readonly string[];
  readonly output?: string;
  readonly dataRoot: string;
  readonly seed: number;
}

/** `monitor reference MODEL --data SET`: what a model's requests are compared with, from its validation data. */
export function referenceCommand(): Command {
  return new Command('reference')
    .description(
      'make the reference that the requests for a model are compared with, from pictures whose texts are known',
    )
    .argument('<model>', 'a bundled model or a folder with a model.json')
    .requiredOption(
      '--data <lines>',
      'validation data: lines, or a data set for a model of characters; SET@0.05 takes the pages that a training with this validationShare and seed keeps aside; may be repeated',
      collect,
    )
    .option(
      '--errors-data <lines>',
      'further lines that the expected errors are fitted to, beside those composed of bundled samples; may be repeated',
      collect,
      [],
    )
    .option('--output <file>', 'the file that is written (default: monitoring.json beside the model)')
    .addOption(dataRootOption())
    .addOption(new Option('--seed <number>', 'of the split and of all chances').argParser(wholeNumber(0)).default(45))
    .action(runReference);
}

async function runReference(model: string, flags: ReferenceFlags): Promise<void> {
  const output = flags.output ?? join(await findModel(model), REFERENCE_FILE);
  const { requests, signals } = await writeModelReference(model, { ...flags, output });
  console.log(`${output}: ${requests} requests, ${signals} signals`);
}
