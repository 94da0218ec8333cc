import { distance } from 'fastest-levenshtein';
import type { GrayImage } from '../../images/gray-image.ts';
import { measureLine } from '../../images/measure-line.ts';
import { measurePicture } from '../../images/measure-picture.ts';
import type { LineModelManifest } from '../../models/model-manifest.ts';
import type { ObservedLine } from '../../reading/observed-line.ts';
import type { LineReading, Reading } from '../../reading/reading.ts';
import { Alphabet, blankClass } from '../../text/alphabet.ts';
import { EMBEDDING_SIZE, embedScores } from './embed-scores.ts';
import type { Measurement } from './measurement.ts';
import { type ScannedScores, scanScores } from './scan-scores.ts';
import { surpriseOf } from './surprise-of.ts';

/** So many lines of a page are measured; all are counted. */
const MOST_LINES = 8;

interface MeasuredLine {
  readonly model: string;
  readonly decoder: ObservedLine['decoder'];
  readonly text: string;
  readonly values: Measurement['values'];
  readonly embedding: Float64Array;
}

/**
 * Measures one request where its picture is, and keeps nothing of it but numbers: `observePicture` and `observeLine` are options of
 * `Recognizer.prepare`, `measurement` is asked for when the reading is there.
 */
export class ReadingMeter {
  #picture: Measurement['values'] = {};
  readonly #lines: MeasuredLine[] = [];

  readonly observePicture = (picture: GrayImage): void => {
    const { width, height } = picture;
    this.#picture = { width, height, aspect: width / height, ...measurePicture(picture) };
  };

  readonly observeLine = (observed: ObservedLine): void => {
    const model = observed.manifest.name;
    if (this.#lines.filter((line) => line.model === model).length < MOST_LINES) this.#lines.push(measure(observed));
  };

  /** What was measured of the request that was read so. */
  measurement({ model, kind, lines }: Reading): Measurement {
    // Where two readers have read the picture, only what the surer one has made of it counts.
    const all = this.#lines.filter((line) => line.model === model);
    // A picture may have been read in several views, upside down for one; what was not kept does not count.
    const texts = new Set(lines.map(({ text }) => text));
    const kept = all.filter(({ text }) => texts.has(text));
    const own = kept.length > 0 ? kept : all;
    return {
      model,
      kind,
      ...(own.length > 0 && { decoder: own[0].decoder }),
      values: { ...this.#picture, lines: lines.length, ...meanValues(own), ...confidencesOf(lines) },
      characters: countCharacters(lines),
      wordConfidences: lines.flatMap(({ words }) => words.map(({ confidence }) => confidence)),
      embedding: own.length === 0 ? [] : meanEmbedding(own),
    };
  }
}

function measure(observed: ObservedLine): MeasuredLine {
  const { manifest, decoder, line, toPicture, scores, reading } = observed;
  const { strokeWidth, xHeight, slant } = measureLine(line);
  const characters = [...reading.text].length;
  const classes = manifest.kind === 'line' ? alphabetOf(manifest).size : manifest.classes.length;
  const scanned = scanScores(scores, classes);
  const scale = toPicture && Math.hypot(toPicture[2], toPicture[3]);
  const values = {
    ...(toPicture && { skew: (Math.atan2(toPicture[1], toPicture[0]) * 180) / Math.PI }),
    ...(scale !== undefined && xHeight > 0 && { stroke: scale * strokeWidth, 'x-height': scale * xHeight }),
    ...(xHeight > 0 && { slant, weight: strokeWidth / xHeight }),
    ...(manifest.kind === 'line' && characters > 0 && { spread: line.width / line.height / characters }),
    ...(manifest.kind === 'line' && doubtsOf(observed, scanned, alphabetOf(manifest))),
  };
  return { model: manifest.name, decoder, text: reading.text, values, embedding: embedScores(scanned.means) };
}

/** What speaks against a line's text: an undecided network, and a language model that had to change much or does not expect the result. */
function doubtsOf(
  { reading: { text }, languageModel }: ObservedLine,
  { path, entropy }: ScannedScores,
  alphabet: Alphabet,
): Measurement['values'] {
  const characters = [...text].length;
  const surprise = languageModel && surpriseOf(text, alphabet, languageModel);
  return {
    ...(characters > 0 && { entropy: entropy / characters }),
    ...(surprise !== undefined && { surprise }),
    ...(languageModel && { 'language-model': changedShare(textOfPath(path, alphabet), text) }),
  };
}

/** The best path without repeats and blanks. */
function textOfPath(path: Uint16Array, alphabet: Alphabet): string {
  let text = '';
  for (let step = 0; step < path.length; step++) {
    if (path[step] !== blankClass && path[step] !== path[step - 1]) text += alphabet.character(path[step]);
  }
  return text;
}

/** Edits from the best path to what was read: what the language model has changed, by the length of the text, at most 1. */
function changedShare(path: string, text: string): number {
  return Math.min(1, distance(path, text) / Math.max(1, text.length));
}

const alphabets = new Map<string, Alphabet>();

function alphabetOf({ alphabet: characters }: LineModelManifest): Alphabet {
  const alphabet = alphabets.get(characters) ?? new Alphabet(characters);
  alphabets.set(characters, alphabet);
  return alphabet;
}

function meanValues(lines: readonly MeasuredLine[]): Measurement['values'] {
  const names = new Set(lines.flatMap(({ values }) => Object.keys(values) as (keyof Measurement['values'])[]));
  return Object.fromEntries(
    [...names].map((name) => {
      const all = lines.flatMap(({ values }) => values[name] ?? []);
      return [name, all.reduce((sum, value) => sum + value, 0) / all.length];
    }),
  );
}

function confidencesOf(lines: readonly LineReading[]): Measurement['values'] {
  const characters = lines.flatMap((line) => line.characters.map(({ confidence }) => confidence));
  const words = lines.flatMap((line) => line.words.map(({ confidence }) => confidence));
  const length = { length: 1 + characters.length };
  if (characters.length === 0) return length;
  const confidence = characters.reduce((sum, value) => sum + value, 0) / characters.length;
  return { ...length, confidence, ...(words.length > 0 && { 'least-confidence': Math.min(...words) }) };
}

function countCharacters(lines: readonly LineReading[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { characters } of lines) {
    for (const { text } of characters) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function meanEmbedding(lines: readonly MeasuredLine[]): readonly number[] {
  return Array.from(
    { length: EMBEDDING_SIZE },
    (_, d) => lines.reduce((sum, { embedding }) => sum + embedding[d], 0) / lines.length,
  );
}
