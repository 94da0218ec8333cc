import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import type { Session } from '../../runtime/session.ts';
import type { Alphabet } from '../../text/alphabet.ts';
import { decodeLine, type DecodeOptions, type LineDecoding } from '../../text/decode-line.ts';
import { lineMetrics, type LineMetrics, type LineReading } from '../../text/error-rates.ts';
import { characterOutcomes, wordOutcomes, type Outcomes } from '../../text/reading-outcomes.ts';
import { expectedCalibrationError } from '../fit-calibration.ts';
import type { LineLayout } from '../../models/line-layout.ts';
import { scoreLines } from '../../models/score-lines.ts';

/** What a line model achieves on a data set. */
export interface LineEvaluation extends LineMetrics {
  /** What is written and what was read, `[lines]`. */
  readonly readings: readonly LineReading[];
  readonly decodings: readonly LineDecoding[];
  /** Expected calibration error of the characters' and of the words' confidences (15 bins); 0 where nothing was read. */
  readonly characterCalibrationError: number;
  readonly wordCalibrationError: number;
  /** Of the network, and of decoding. */
  readonly millisecondsPerLine: number;
  readonly decodingMillisecondsPerLine: number;
}

/** A network that reads lines, ready to run. */
export interface LineReader {
  readonly session: Session;
  readonly alphabet: Alphabet;
  readonly layout: LineLayout;
}

/** Reads all lines of a data set and compares them with its texts, folded to the characters of the alphabet. */
export async function evaluateLines(
  reader: LineReader,
  dataset: LineDataset,
  options: DecodeOptions = {},
): Promise<LineEvaluation> {
  const [evaluation] = await evaluateDecodings(reader, dataset, [options]);
  return evaluation;
}

/** `evaluateLines` with several ways to decode what the network says once: `[options]`. */
export async function evaluateDecodings(
  { session, alphabet, layout }: LineReader,
  dataset: LineDataset,
  options: readonly DecodeOptions[],
): Promise<LineEvaluation[]> {
  const { scores, seconds } = await scoreLines(session, dataset, layout);
  return options.map((decoding) => {
    const before = performance.now();
    const decodings = scores.map(({ logits }) => decodeLine(logits, alphabet, decoding));
    const decodingMillisecondsPerLine = (performance.now() - before) / dataset.length;
    return {
      ...compareReadings(decodings, dataset, alphabet),
      millisecondsPerLine: (1000 * seconds) / dataset.length,
      decodingMillisecondsPerLine,
    };
  });
}

/** The text of a line as a model with this alphabet can at best read it. */
export function referenceText(text: string, alphabet: Alphabet): string {
  return alphabet.fold(text).replace(/\s+/gu, ' ').trim();
}

function compareReadings(
  decodings: readonly LineDecoding[],
  { name, lines }: LineDataset,
  alphabet: Alphabet,
): Omit<LineEvaluation, 'millisecondsPerLine' | 'decodingMillisecondsPerLine'> {
  const readings = lines.map(({ id, text, writer }, i) => ({
    id,
    writer,
    dataset: name,
    reference: referenceText(text, alphabet),
    hypothesis: decodings[i].text,
  }));
  const pairs = decodings.map((decoding, i) => [decoding, readings[i].reference] as const);
  return {
    ...lineMetrics(readings),
    readings,
    decodings,
    characterCalibrationError: calibrationError(characterOutcomes(pairs)),
    wordCalibrationError: calibrationError(wordOutcomes(pairs)),
  };
}

function calibrationError({ confidences, correct }: Outcomes): number {
  return confidences.length === 0 ? 0 : expectedCalibrationError(confidences.map(inRange), correct);
}

/** Products of rounded numbers may end a hair above 1. */
const inRange = (confidence: number): number => Math.min(1, confidence);
