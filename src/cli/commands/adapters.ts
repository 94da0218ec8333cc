import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { combineAdapters, encodeAdapter } from '../../models/adapter.ts';
import { readAdapter } from '../../models/read-adapter.ts';
import { adapterName, describeAdapter } from '../describe-adapter.ts';

/** `adapters show` and `adapters combine`: what is to be done with the files of `adapt`. */
export function adaptersCommand(): Command {
  return new Command('adapters')
    .description('show or combine adapters')
    .addCommand(showCommand())
    .addCommand(combineCommand());
}

function showCommand(): Command {
  return new Command('show')
    .description('show the model, the data and the measured effect of adapters')
    .argument('<file...>', 'adapter files')
    .option('--json', 'print one line of JSON for each file')
    .action(async (files: readonly string[], { json }: { json?: boolean }) => {
      for (const file of files) {
        const adapter = await readAdapter(file);
        console.log(json ? JSON.stringify({ file, ...adapter.about }) : describeAdapter(adapter));
      }
    });
}

interface CombineOptions {
  readonly output: string;
  readonly weights?: readonly number[];
  readonly name?: string;
}

function combineCommand(): Command {
  return new Command('combine')
    .description('combine adapters of one model as a weighted sum, e.g. for the two hands of a correspondence')
    .argument('<file...>', 'adapter files')
    .requiredOption('--output <file>', 'where to write the adapter')
    .option(
      '--weights <numbers>',
      'one weight for each file, separated by commas (default: equal weights that sum to 1)',
      parseWeights,
    )
    .option('--name <name>', 'the name of the adapted model (default: the name of the file)')
    .action(async (files: readonly string[], { output, weights, name }: CombineOptions) => {
      const shares = weights ?? files.map(() => 1 / files.length);
      if (shares.length !== files.length) {
        throw new TextRecognizerError(
          'INVALID_ARGUMENT',
          `There are ${files.length} files and ${shares.length} weights; give one weight for each file.`,
        );
      }
      const adapters = await Promise.all(files.map(readAdapter));
      const parts = adapters.map((adapter, i) => ({ adapter, weight: shares[i] }));
      const combined = combineAdapters(name ?? adapterName(output), parts);
      await writeFileAtomic(output, encodeAdapter(combined));
      console.log(describeAdapter(combined));
    });
}

function parseWeights(text: string): number[] {
  const weights = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (weights.every((weight) => Number.isFinite(weight))) return weights;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `'${text}' must be numbers with commas between them, e.g. 0.5,0.5.`,
  );
}
