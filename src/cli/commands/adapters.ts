import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { combineAdapters, encodeAdapter } from '../../models/adapter.ts';
import { readAdapter } from '../../models/read-adapter.ts';
import { adapterName, describeAdapter } from '../describe-adapter.ts';

/** `adapters show` and `adapters combine`: what is to be done with the files of `adapt`. */
export function adaptersCommand(): Command {
  return new Command('adapters')
    .description('show or combine what adapt learned')
    .addCommand(showCommand())
    .addCommand(combineCommand());
}

function showCommand(): Command {
  return new Command('show')
    .description('say what an adapter is of, what it has learned from, and what it was measured to do')
    .argument('<file...>', 'files that adapt wrote')
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
    .description('write the weighted sum of adapters of one model, e.g. of the two hands of a correspondence')
    .argument('<file...>', 'files that adapt wrote')
    .requiredOption('--output <file>', 'the adapter that is written')
    .option('--weights <numbers>', 'one for each file, between commas (default: they share 1)', parseWeights)
    .option('--name <name>', 'what the reader is called (default: the name of the file)')
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
