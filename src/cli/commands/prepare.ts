import { join } from 'node:path';
import { Command } from 'commander';
import { DATASET_NAMES, prepareShards } from '../../datasets/registry.ts';
import { writeLinePack } from '../../datasets/sources/line-pack.ts';
import { TextRecognizerError } from '../../errors.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { lineLicence } from '../../tasks/line/line-licence.ts';
import { openLineSet } from '../../tasks/line/open-line-sets.ts';
import { dataRootOption, skipBadOption } from '../options.ts';

interface PrepareOptions {
  readonly as?: string;
  readonly dataRoot: string;
  readonly skipBad?: boolean;
}

/** `prepare DATASET`: turns a data set from its official form into what trainings read fast. */
export function prepareCommand(): Command {
  return new Command('prepare')
    .description('turn a data set from its official form into a line pack, or characters into shards')
    .argument('<dataset>', 'e.g. iam-aachen-train, or emnist-byclass-train')
    .option(
      '--as <name>',
      'lines: the name of the pack in the folder lines of the data root (default: that of the data set)',
    )
    .addOption(skipBadOption())
    .addOption(dataRootOption())
    .action(async (name: string, options: PrepareOptions) => {
      console.log(
        DATASET_NAMES.includes(name)
          ? await prepareShards(name, { root: options.dataRoot })
          : await prepareLines(name, options),
      );
    });
}

async function prepareLines(name: string, { as = name, dataRoot, skipBad }: PrepareOptions): Promise<string> {
  const prefix = join(dataRoot, 'lines', as);
  await requireWritable(`${prefix}.bin.gz`);
  const onNotice = (message: string) => console.error(message);
  const dataset = await openLineSet(name, dataRoot, { skipBad, onNotice });
  if (dataset.source.kind !== 'memory') {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The lines of ${name} are drawn anew in each epoch: name it in an experiment as it is, without preparing it.`,
    );
  }
  const licence = lineLicence(dataset);
  await writeLinePack(prefix, dataset, licence);
  return `${prefix}: ${dataset.length} lines, licence: ${licence}`;
}
