import { Command } from 'commander';
import { TextRecognizerError } from '../errors.ts';
import { wholeNumber } from '../cli/options.ts';
import { runProgram } from '../cli/run-program.ts';
import { benchmarks } from './benchmarks.ts';
import type { Figures } from './measure.ts';

interface BenchOptions {
  readonly json?: boolean;
  readonly threads: number;
  readonly batch?: number;
  readonly seconds: number;
  readonly profile?: string;
}

const names = Object.keys(benchmarks);
const program = new Command('bench')
  .description(`Measures speed; an item is one image. Benchmarks: ${names.join(', ')}.`)
  .argument('<name...>', 'what to measure')
  .option('--json', 'print one line of JSON for each')
  .option('--threads <number>', 'threads for computing', wholeNumber(1), 2)
  .option('--batch <number>', 'images at a time', wholeNumber(1))
  .option('--seconds <number>', 'how long to measure', wholeNumber(1), 8)
  .option('--profile <prefix>', "write ONNX Runtime's profile to a file that begins so")
  .action(run);

async function run(wanted: readonly string[], { json, ...options }: BenchOptions): Promise<void> {
  for (const name of wanted) {
    if (!Object.hasOwn(benchmarks, name)) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `There is no benchmark '${name}'; there are ${names.join(', ')}.`,
      );
    }
    const found = await benchmarks[name]({ ...options, profilePrefix: options.profile });
    const figures = typeof found === 'number' ? { itemsPerSecond: found } : found;
    console.log(json ? JSON.stringify({ name, ...figures }) : describe(name, figures));
  }
}

function describe(name: string, figures: Figures): string {
  const parts = Object.entries(figures).map(([figure, value]) => {
    const shown = Number.isInteger(value) ? String(value) : value.toPrecision(4);
    return figure === 'itemsPerSecond' ? `${shown} items/s` : `${figure} ${shown}`;
  });
  return `${name}: ${parts.join(', ')}`;
}

await runProgram(program);
