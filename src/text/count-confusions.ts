import { editOperations, isEdit } from './edit-operations.ts';
import type { LineReading } from './error-rates.ts';

/** How often one edit happened over a set of lines. */
export interface Confusion {
  /** The character written; empty where one was read that is not there. */
  readonly reference: string;
  /** The character read; empty where one was missed. */
  readonly hypothesis: string;
  readonly count: number;
  /** Share of all occurrences of `reference` in the references, in [0, 1]; undefined for insertions. */
  readonly share?: number;
}

/** The edits of the lines' alignments by kind of character, the most frequent first. */
export function countConfusions(readings: readonly LineReading[]): Confusion[] {
  const edits = new Map<string, { reference: string; hypothesis: string; count: number }>();
  const occurrences = new Map<string, number>();
  for (const reading of readings) {
    const written = [...reading.reference.normalize('NFC')];
    for (const character of written) occurrences.set(character, (occurrences.get(character) ?? 0) + 1);
    for (const operation of editOperations(written, [...reading.hypothesis.normalize('NFC')])) {
      if (!isEdit(operation)) continue;
      const { reference = '', hypothesis = '' } = operation;
      const key = JSON.stringify([reference, hypothesis]);
      const edit = edits.get(key);
      if (edit === undefined) edits.set(key, { reference, hypothesis, count: 1 });
      else edit.count++;
    }
  }
  return [...edits.values()]
    .sort((a, b) => b.count - a.count || (a.reference + a.hypothesis < b.reference + b.hypothesis ? -1 : 1))
    .map(({ reference, hypothesis, count }) => {
      const written = occurrences.get(reference);
      return { reference, hypothesis, count, share: written === undefined ? undefined : count / written };
    });
}
