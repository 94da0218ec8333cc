import type { Alphabet } from '../../text/alphabet.ts';
import { hasStruckOut } from '../../text/normalize-text.ts';
import type { LineDataset } from '../lines/line-dataset.ts';

/** The lines of a dataset that a network can learn from, and the classes of their texts. */
export interface LabelledLines {
  readonly dataset: LineDataset;
  /** Which lines of the dataset, `[length]`. */
  readonly indices: Uint32Array;
  /** All texts' classes one after the other, none of them the CTC blank. */
  readonly classes: Uint16Array<SharedArrayBuffer>;
  /** Line i of `indices` has `classes[starts[i]]` … `classes[starts[i + 1] − 1]`, `[length + 1]`. */
  readonly starts: Uint32Array;
  /** Lines left out, by reason. */
  readonly leftOut: Readonly<Record<LeftOutReason, number>>;
  /** In how many lines each character occurs that the alphabet lacks. */
  readonly unknownCharacters: ReadonlyMap<string, number>;
}

/** What a text must not exceed to be learned. */
export interface LabelLimits {
  /** Time steps, as many as CTC needs. */
  readonly maxSteps?: number;
  /** Characters, of what the alphabet makes of the text. */
  readonly maxLength?: number;
}

/** Why a line is left out, in words. */
const reasons = {
  struckOut: 'with struck-out words',
  unknownCharacter: 'with characters outside the alphabet',
  tooLong: 'with more characters than the network has room for',
  empty: 'without text',
};

export type LeftOutReason = keyof typeof reasons;

/** Encodes the texts of `dataset`, folding characters as the alphabet can, and counts the lines that must be left out. */
export function labelLines(dataset: LineDataset, alphabet: Alphabet, limits: LabelLimits = {}): LabelledLines {
  const leftOut = { struckOut: 0, unknownCharacter: 0, tooLong: 0, empty: 0 };
  const unknownCharacters = new Map<string, number>();
  const indices: number[] = [];
  const encoded: Uint16Array[] = [];
  dataset.lines.forEach(({ text }, index) => {
    const labels = encodeOrExplain(text, alphabet, limits);
    if (labels === 'unknownCharacter') {
      for (const character of alphabet.unknownCharacters(alphabet.fold(text).trim())) {
        unknownCharacters.set(character, (unknownCharacters.get(character) ?? 0) + 1);
      }
    }
    if (typeof labels === 'string') return leftOut[labels]++;
    indices.push(index);
    return encoded.push(labels);
  });
  return { dataset, indices: Uint32Array.from(indices), ...concatenate(encoded), leftOut, unknownCharacters };
}

/** Of the characters that an alphabet lacks, the log lists these, the most frequent. */
const mostListed = 20;

/** What was left out of a dataset and why, for the reader of a log; undefined where nothing was. */
export function leftOutNotice({ dataset, leftOut, unknownCharacters }: LabelledLines): string | undefined {
  const found = (Object.keys(reasons) as LeftOutReason[]).filter((reason) => leftOut[reason] > 0);
  if (found.length === 0) return undefined;
  const total = found.reduce((sum, reason) => sum + leftOut[reason], 0);
  const listed = found.map((reason) => `${leftOut[reason]} ${reasons[reason]}`).join(', ');
  const notice = `${dataset.name}: ${total} of ${dataset.length} lines are left out: ${listed}.`;
  if (unknownCharacters.size === 0) return notice;
  const frequent = [...unknownCharacters].toSorted(([, a], [, b]) => b - a).slice(0, mostListed);
  const names = frequent.map(([character, count]) => `${JSON.stringify(character)} in ${count}`).join(', ');
  return `${notice} The alphabet lacks ${names}${unknownCharacters.size > mostListed ? ', …' : ''}.`;
}

/** Time steps that CTC needs for these classes: one each, and a blank between equal neighbours. */
export function ctcSteps(classes: Uint16Array): number {
  let steps = classes.length;
  for (let i = 1; i < classes.length; i++) if (classes[i] === classes[i - 1]) steps++;
  return steps;
}

function encodeOrExplain(
  text: string,
  alphabet: Alphabet,
  { maxSteps = Infinity, maxLength = Infinity }: LabelLimits,
): Uint16Array | LeftOutReason {
  if (hasStruckOut(text)) return 'struckOut';
  const folded = alphabet.fold(text).trim();
  if (folded === '') return 'empty';
  if (!alphabet.covers(folded)) return 'unknownCharacter';
  const labels = alphabet.encode(folded);
  return labels.length > maxLength || ctcSteps(labels) > maxSteps ? 'tooLong' : labels;
}

function concatenate(encoded: readonly Uint16Array[]): Pick<LabelledLines, 'classes' | 'starts'> {
  const starts = new Uint32Array(encoded.length + 1);
  encoded.forEach((labels, i) => (starts[i + 1] = starts[i] + labels.length));
  const classes = new Uint16Array(new SharedArrayBuffer(2 * starts[encoded.length]));
  encoded.forEach((labels, i) => classes.set(labels, starts[i]));
  return { classes, starts };
}
