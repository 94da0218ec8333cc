import type { LineDataset } from './line-dataset.ts';
import { subsetLines } from './memory-lines.ts';

/** Texts shorter than this recur by chance ("of the", page numbers) and say nothing about a leak. */
const SHORTEST_SENTENCE = 20;

/** What would tell a network about lines that are held out. */
interface LineTraces {
  readonly writers: ReadonlySet<string>;
  readonly pages: ReadonlySet<string>;
  /** Texts of at least 20 letters and digits, compared by those alone, in lower case. */
  readonly sentences: ReadonlySet<string>;
}

/**
 * The lines of `dataset`, which lies in memory, that share no writer, page or sentence with any of `heldOut`, and how many were left
 * out. For splits made by others, which are not always as disjoint as they say.
 */
export function withoutOverlap(
  dataset: LineDataset,
  heldOut: readonly LineDataset[],
): { dataset: LineDataset; leftOut: number } {
  const held = heldOut.map(traces);
  const isHeld = (part: keyof LineTraces, value: string | undefined) =>
    value !== undefined && held.some((trace) => trace[part].has(value));
  const kept = dataset.lines.flatMap(({ writer, page, text }, index) => {
    const shared = isHeld('writers', writer) || isHeld('pages', page) || isHeld('sentences', sentenceKey(text));
    return shared ? [] : [index];
  });
  return { dataset: subsetLines(dataset, kept), leftOut: dataset.length - kept.length };
}

function traces({ lines }: LineDataset): LineTraces {
  return {
    writers: definedSet(lines.map(({ writer }) => writer)),
    pages: definedSet(lines.map(({ page }) => page)),
    sentences: definedSet(lines.map(({ text }) => sentenceKey(text))),
  };
}

function definedSet(values: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(values.filter((value) => value !== undefined));
}

/** What a text is compared by: its letters and digits, small, if there are enough of them to tell it from others. */
export function sentenceKey(text: string): string | undefined {
  const letters = text.toLowerCase().replace(/[^\p{Letter}\p{Number}]/gu, '');
  return letters.length >= SHORTEST_SENTENCE ? letters : undefined;
}
