import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { TextRecognizerError } from '../../errors.ts';
import { decodeOptions } from '../../models/line-calibration.ts';
import type { LineModelManifest, ModelManifest } from '../../models/model-manifest.ts';
import { bundledLanguageModel } from '../../models/bundled-language-model.ts';
import { defaultDecoder } from '../../models/default-decoder.ts';
import { makeLineReport } from '../../report/make-line-report.ts';
import { percent } from '../../report/percent.ts';
import type { Session } from '../../runtime/session.ts';
import { Alphabet } from '../../text/alphabet.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import { applyRules, compileRules, decoderForRules } from '../../text/constraints/text-rules.ts';
import { editDistance } from '../../text/edit-distance.ts';
import { readLanguageModel } from '../../text/language-model/read-language-model.ts';
import type { EvaluateModelOptions, ItemErrors, ModelEvaluation } from '../task.ts';
import { evaluateLines, type LineEvaluation } from './evaluate-lines.ts';
import { openLineSet } from './open-line-sets.ts';

/** Reads a data set of lines with a saved model, and compares what was read with what is written. */
export async function evaluateLineModel(
  manifest: ModelManifest,
  session: Session,
  options: EvaluateModelOptions,
): Promise<ModelEvaluation> {
  if (manifest.kind !== 'line') throw new TextRecognizerError('MODEL_INVALID', `${manifest.name} reads no lines.`);
  const { rules = {} } = options;
  const { decoder = decoderForRules(rules, [defaultDecoder(manifest), 'beam']) ?? defaultDecoder(manifest) } = options;
  const dataset = await openLineSet(options.data, options.dataRoot, options);
  const alphabet = new Alphabet(manifest.alphabet);
  const languageModel =
    decoder === 'lm' ? await readLanguageModel(options.languageModel ?? bundledLanguageModel) : undefined;
  const layout = { ...manifest.stem, stride: manifest.stride };
  const compiled = await compileRules(rules, alphabet);
  const decoding = applyRules(decodeOptions(manifest, decoder, { alphabet }, languageModel), compiled);
  const evaluation = await evaluateLines({ session, alphabet, layout }, dataset, decoding);
  const { readings: _, decodings: __, cer, wer, ...figures } = evaluation;
  const title = `${manifest.name} on ${dataset.name}`;
  return {
    title: `${title}, ${decoder}`,
    json: { model: manifest.name, data: dataset.name, decoder, ...figures, cer: cer.rate, wer: wer.rate },
    rows: rowsOf(evaluation),
    items: evaluation.readings.map(({ hypothesis }, i) => itemErrors(dataset.lines[i].text, hypothesis)),
    report: () => makeReport(title, manifest, dataset, evaluation, decoder),
  };
}

/** Against all that is written, so that a model does not gain by knowing fewer characters. */
function itemErrors(text: string, hypothesis: string): ItemErrors {
  const reference = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return { errors: editDistance(reference, hypothesis), length: [...reference].length };
}

function rowsOf({ cer, wer, ...figures }: LineEvaluation): [string, string][] {
  const { characterCalibrationError, wordCalibrationError } = figures;
  return [
    ['lines', String(figures.lines)],
    ['CER', `${percent(cer.rate, 2)} (${cer.edits} edits in ${cer.length} characters)`],
    ['WER', `${percent(wer.rate, 2)} (${wer.edits} edits in ${wer.length} words)`],
    ['mean line accuracy', percent(figures.meanLineAccuracy, 2)],
    ['lines without error', percent(figures.exact, 2)],
    ['calibration error', `${characterCalibrationError.toFixed(4)}, words ${wordCalibrationError.toFixed(4)}`],
    [
      'ms per line',
      `${figures.millisecondsPerLine.toFixed(1)} and ${figures.decodingMillisecondsPerLine.toFixed(1)} to decode`,
    ],
  ];
}

async function makeReport(
  title: string,
  manifest: LineModelManifest,
  dataset: LineDataset,
  { readings }: LineEvaluation,
  decoder: LineDecoder,
): Promise<string> {
  return await makeLineReport({
    title,
    facts: [
      ['Model', `${manifest.name}, ${manifest.network.name}, sha256 ${manifest.file.sha256.slice(0, 12)}`],
      ['Decoder', decoder],
      ['Date', new Date().toISOString().slice(0, 10)],
    ],
    dataset,
    readings,
  });
}
