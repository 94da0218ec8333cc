import { join } from 'node:path';
import { Command, Option } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { bestRun } from '../../experiments/promotion/best-run.ts';
import type { Bound } from '../../experiments/promotion/judge-model.ts';
import { promoteModel } from '../../experiments/promotion/promote-model.ts';
import { decimal } from '../../options/parse-values.ts';
import {
  argumentOf,
  collect,
  dataRootOption,
  decoderOption,
  languageModelOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';
import { registryOption } from '../registry-option.ts';
import { REFERENCE_FILE } from '../../server/monitoring/read-reference.ts';
import { writeModelReference } from '../monitoring/write-model-reference.ts';
import type { LineDecoder } from '../../text/decode-line.ts';

interface PromoteFlags {
  readonly best?: string;
  readonly metric?: string;
  readonly data: readonly string[];
  readonly atLeast?: readonly Bound[];
  readonly atMost?: readonly Bound[];
  readonly margin: number;
  readonly budget: number;
  readonly reference?: readonly string[];
  readonly seed: number;
  readonly registry: string;
  readonly decoder?: LineDecoder;
  readonly languageModel?: string;
  readonly dataRoot: string;
  readonly threads?: number;
}

/** `models promote RUN | --best GROUP`: makes the model of a run the installed one, unless it is worse. */
export function promoteCommand(): Command {
  const bound = argumentOf(parseBound);
  const bounds = (text: string, before: readonly Bound[] = []) => [...before, bound(text)];
  return new Command('promote')
    .description('install the model of a run under its name, unless it is worse than the installed one')
    .argument('[run]', 'the folder of a finished run, or a folder with a model.json')
    .option('--best <group>', 'instead of a run: the best run in this folder')
    .option(
      '--metric <metric>',
      'with --best: METRIC or SET:METRIC of their model.json (default: accuracy or cer on held-out data)',
    )
    .requiredOption('--data <name>', 'read this data set with both models; may be given several times', collect)
    .option('--at-least <figure=number>', 'lower bound of a figure of `evaluate --json`, e.g. accuracy=0.8', bounds)
    .option('--at-most <figure=number>', 'upper bound of a figure, or of bytes, milliseconds or megabytes', bounds)
    .option('--margin <share>', 'increase of the error rate that must be ruled out', argumentOf(decimal(0, 1)), 0.01)
    .option(
      '--budget <factor>',
      "largest size, time and memory, as a multiple of the installed model's",
      argumentOf(decimal(0, 1000)),
      1.5,
    )
    .option(
      '--reference <lines>',
      'lines: make the monitoring reference from this validation data, as `monitor reference --data` does; may be repeated',
      collect,
    )
    .addOption(new Option('--seed <number>', 'seed of the reference').argParser(wholeNumber(0)).default(45))
    .addOption(decoderOption())
    .addOption(languageModelOption())
    .addOption(registryOption())
    .addOption(dataRootOption())
    .addOption(threadsOption())
    .action(runPromote);
}

async function runPromote(
  given: string | undefined,
  { best, metric, reference, seed, ...options }: PromoteFlags,
): Promise<void> {
  const run = await chooseRun(given, best, metric);
  const { version, former } = await promoteModel(run, {
    ...options,
    complete: async (folder) => {
      if (reference === undefined) return;
      const output = join(folder, REFERENCE_FILE);
      await writeModelReference(folder, { data: reference, dataRoot: options.dataRoot, seed, output });
    },
    onCheck: ({ passed, finding }) => console.log(`${passed ? 'ok    ' : 'FAILED'} ${finding}`),
  });
  console.log(`Installed as version ${version}${former === undefined ? '' : `; version ${former} is kept`}.`);
}

async function chooseRun(given: string | undefined, best: string | undefined, metric?: string): Promise<string> {
  if ((given === undefined) === (best === undefined)) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'Give the folder of a run, or --best with a folder of runs.');
  }
  if (given !== undefined) return given;
  const { run, set, metric: figure, value, of } = await bestRun(best!, metric);
  console.log(`${run} is the best of ${of}: ${figure} ${Number(value.toPrecision(4))} on ${set}`);
  return run;
}

function parseBound(text: string): Bound {
  const [, figure, number] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const value = Number(number);
  if (figure !== undefined && Number.isFinite(value)) return { figure, value };
  throw new TextRecognizerError('INVALID_ARGUMENT', `Give a figure and a number, such as accuracy=0.8, not '${text}'.`);
}
