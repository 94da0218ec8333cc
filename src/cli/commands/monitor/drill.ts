import { Command, Option } from 'commander';
import type { DrillReport } from '../../monitoring/drill-table.ts';
import { runDrill, type DrillResult, type DrillRow } from '../../monitoring/drill.ts';
import { composedLines } from '../../monitoring/drill-traffic.ts';
import { openLines } from '../../../datasets/lines/line-registry.ts';
import { writeFileAtomic } from '../../../files/write-file-atomic.ts';
import { defaultModels } from '../../../models/default-models.ts';
import { Recognizer } from '../../../reading/recognizer.ts';
import type { ErrorModel } from '../../../server/monitoring/error-model.ts';
import { findReference } from '../../../server/monitoring/read-reference.ts';
import { percent } from '../../../report/percent.ts';
import type { Measurement } from '../../../server/monitoring/measurement.ts';
import { dataRootOption, decoderOption, wholeNumber } from '../../options.ts';
import { printTable } from '../../print-table.ts';
import type { LineDecoder } from '../../../text/decode-line.ts';

interface DrillFlags {
  readonly json?: boolean;
  readonly model: string;
  readonly decoder?: LineDecoder;
  readonly data?: string;
  readonly otherWriters?: string;
  readonly otherLanguage?: string;
  readonly dataRoot: string;
  readonly pictures: number;
  readonly shifted: number;
  readonly requests: number;
  readonly undisturbed: number;
  readonly expectedRunTime: number;
  readonly seed: number;
  readonly fitErrors?: boolean;
  readonly measurements?: string;
}

/** `monitor drill`: ordinary traffic, then other traffic, and what was noticed of it. */
export function drillCommand(): Command {
  return new Command('drill')
    .description('send ordinary traffic, then other traffic of several kinds, and say what the monitoring noticed')
    .addOption(new Option('--model <name>', 'a model of lines').default(defaultModels.line))
    .addOption(decoderOption())
    .option('--data <lines>', 'ordinary lines instead of those composed of bundled samples')
    .option('--other-writers <lines>', 'lines of other writers')
    .option('--other-language <lines>', 'lines in another language')
    .addOption(dataRootOption())
    .option(
      '--pictures <number>',
      'pictures for the reference, and as many for ordinary traffic',
      wholeNumber(100),
      600,
    )
    .option('--shifted <number>', 'pictures of each kind of other traffic', wholeNumber(1), 120)
    .option('--requests <number>', 'requests of each kind, at most', wholeNumber(1), 1000)
    .option('--undisturbed <number>', 'ordinary requests to count false alarms in', wholeNumber(1), 20_000)
    .option('--expected-run-time <requests>', 'requests between two false alarms', wholeNumber(1000), 250_000)
    .option('--seed <number>', 'of all chances', wholeNumber(0), 1)
    .option('--measurements <file>', 'write the signals of ordinary requests there, as JSON')
    .option(
      '--fit-errors',
      "fit the expected errors to the drill's lines, instead of estimating them as the model's own reference does",
    )
    .option('--json', 'print JSON')
    .action(runDrillCommand);
}

async function runDrillCommand(flags: DrillFlags): Promise<void> {
  const { model, decoder, json, pictures: ordinary, shifted, requests, undisturbed, expectedRunTime, seed } = flags;
  const composed = await composedLines(2 * ordinary + shifted, seed);
  const open = async (name: string | undefined) =>
    name === undefined ? undefined : await openLines(name, { root: flags.dataRoot });
  const lines = {
    ordinary: (await open(flags.data)) ?? composed.ordinary,
    otherWriters: (await open(flags.otherWriters)) ?? composed.otherWriters,
    otherLanguage: (await open(flags.otherLanguage)) ?? composed.otherLanguage,
  };
  const recognizer = await Recognizer.load({ models: [model] });
  try {
    const onProgress = (message: string) => console.error(message);
    const [{ manifest }] = await recognizer.readers();
    const modelSha256 = manifest.file.sha256;
    const errors = flags.fitErrors ? undefined : await modelErrors(model, modelSha256);
    const sizes = { ordinary, shifted, requests, undisturbed, expectedRunTime, seed };
    let signals = '';
    const onMeasured = (...sets: readonly (readonly Measurement[])[]) => {
      const [reference, aside] = sets.map((set) => set.map(({ values }) => values));
      signals = JSON.stringify({ reference, aside });
    };
    const result = await runDrill(recognizer, { lines, decoder, onProgress, onMeasured, errors, ...sizes });
    if (flags.measurements !== undefined) await writeFileAtomic(flags.measurements, signals);
    const report: DrillReport = {
      model: manifest.name,
      modelSha256,
      fittedErrors: errors === undefined,
      ordinaryPictures: ordinary,
      shiftedPictures: shifted,
      seed,
      ...result,
    };
    if (json) console.log(JSON.stringify(report));
    else print(result);
  } finally {
    await recognizer.close();
  }
}

/** Those of the model's reference; undefined, with a notice, where it has none of these weights: then the drill fits its own. */
async function modelErrors(model: string, sha256: string): Promise<ErrorModel | undefined> {
  const { reference } = await findReference(model, model);
  if (reference?.modelSha256 === sha256) return reference.errors;
  console.error(`${model} has no reference of its weights: the expected errors are fitted to the drill's lines.`);
  return undefined;
}

function print({ rows, ordinary, undisturbed, falseAlarms, expectedRunTime }: DrillResult): void {
  const errorsOf = ({ expected, low, high, actual, coverage }: DrillResult['ordinary']) => [
    `${percent(expected)} (${percent(low)}–${percent(high)})`,
    percent(actual),
    percent(coverage),
  ];
  const rowOf = (row: DrillRow) => [
    row.shift,
    row.noticedAfter === undefined ? 'not' : `after ${row.noticedAfter}`,
    row.cause ?? '',
    row.signal ?? '',
    ...errorsOf(row),
  ];
  const head = ['traffic', 'noticed', 'cause', 'signal', 'expected CER', 'CER', 'within'];
  printTable([head, ['ordinary', '', '', '', ...errorsOf(ordinary)], ...rows.map(rowOf)]);
  console.log(
    `False alarms in ${undisturbed} ordinary requests: ${falseAlarms}; one in ${expectedRunTime} is what is allowed.`,
  );
}
