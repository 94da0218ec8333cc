import { writeFileWhole } from '../files/write-file-whole.ts';
import { openLineSet } from '../experiments/open-line-sets.ts';
import type { LineDataset } from '../datasets/lines/line-dataset.ts';
import { decodeOptions } from '../models/line-calibration.ts';
import { evaluateLines, type LineEvaluation } from '../models/evaluate-lines.ts';
import type { LineModelManifest } from '../models/model-manifest.ts';
import { bundledLanguageModel } from '../predictors/bundled-language-model.ts';
import { defaultDecoder } from '../predictors/default-decoder.ts';
import { makeLineReport } from '../report/make-line-report.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import { Alphabet } from '../text/alphabet.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import { readLanguageModel } from '../text/language-model/read-language-model.ts';
import { percent } from './percent.ts';

export interface EvaluateLineOptions extends SessionOptions {
  readonly data: string;
  readonly json?: boolean;
  /** Default: what the model decodes with. */
  readonly decoder?: LineDecoder;
  /** The file of the language model; default the bundled one. */
  readonly languageModel?: string;
  /** Where to write a report. */
  readonly report?: string;
  readonly dataRoot: string;
}

/** Reads a data set of lines with a model, prints its error rates, and writes a report if it is asked for. */
export async function evaluateLineModel(
  manifest: LineModelManifest,
  onnx: Uint8Array,
  options: EvaluateLineOptions,
): Promise<void> {
  const { decoder = defaultDecoder(manifest), report } = options;
  const dataset = await openLineSet(options.data, options.dataRoot);
  const alphabet = new Alphabet(manifest.alphabet);
  const languageModel =
    decoder === 'lm' ? await readLanguageModel(options.languageModel ?? bundledLanguageModel) : undefined;
  const session = await Session.load(onnx, options);
  try {
    const layout = { ...manifest.stem, stride: manifest.stride };
    const decoding = decodeOptions(manifest, decoder, { alphabet }, languageModel);
    const evaluation = await evaluateLines({ session, alphabet, layout }, dataset, decoding);
    if (report !== undefined) await writeFileWhole(report, await makeReport(manifest, dataset, evaluation, decoder));
    print({ model: manifest.name, data: dataset.name, decoder }, evaluation, options.json);
  } finally {
    await session.close();
  }
}

async function makeReport(
  manifest: LineModelManifest,
  dataset: LineDataset,
  { readings }: LineEvaluation,
  decoder: LineDecoder,
): Promise<string> {
  return await makeLineReport({
    title: `${manifest.name} on ${dataset.name}`,
    facts: [
      ['Model', `${manifest.name}, ${manifest.network.name}, sha256 ${manifest.file.sha256.slice(0, 12)}`],
      ['Decoder', decoder],
      ['Date', new Date().toISOString().slice(0, 10)],
    ],
    dataset,
    readings,
  });
}

interface Evaluated {
  readonly model: string;
  readonly data: string;
  readonly decoder: LineDecoder;
}

function print({ model, data, decoder }: Evaluated, evaluation: LineEvaluation, json = false): void {
  const { readings: _, decodings: __, cer, wer, ...figures } = evaluation;
  if (json) {
    return console.log(JSON.stringify({ model, data, decoder, ...figures, cer: cer.rate, wer: wer.rate }));
  }
  const rows: [string, string][] = [
    ['lines', String(figures.lines)],
    ['CER', `${percent(cer.rate, 2)} (${cer.edits} edits in ${cer.length} characters)`],
    ['WER', `${percent(wer.rate, 2)} (${wer.edits} edits in ${wer.length} words)`],
    ['mean line accuracy', percent(figures.meanLineAccuracy, 2)],
    ['lines without error', percent(figures.exact, 2)],
    [
      'calibration error',
      `${figures.characterCalibrationError.toFixed(4)}, words ${figures.wordCalibrationError.toFixed(4)}`,
    ],
    [
      'ms per line',
      `${figures.millisecondsPerLine.toFixed(1)} and ${figures.decodingMillisecondsPerLine.toFixed(1)} to decode`,
    ],
  ];
  console.log(`${model} on ${data}, ${decoder}`);
  for (const [label, value] of rows) console.log(`  ${label.padEnd(21)}${value}`);
}
