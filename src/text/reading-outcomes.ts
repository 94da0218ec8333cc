import type { Alternative } from './alternative.ts';
import type { CtcCharacter } from './ctc-reading.ts';
import { editOperations } from './edit-operations.ts';
import { words } from './error-rates.ts';

/** Confidences, and whether each was justified: what calibration is fitted to and judged by. */
export interface Outcomes {
  readonly confidences: number[];
  readonly correct: boolean[];
}

/** What of a decoded line is judged. */
interface Decoded {
  readonly characters: readonly Pick<CtcCharacter, 'character' | 'confidence'>[];
  readonly words: readonly Alternative[];
}

/** The characters read: each is correct where the shortest alignment with the reference matches it. */
export function characterOutcomes(lines: readonly (readonly [Decoded, string])[]): Outcomes {
  return outcomesOf(lines, (decoding, reference) => [
    decoding.characters.map(({ character, confidence }) => [character, confidence]),
    [...reference.normalize('NFC')],
  ]);
}

/** The words read: each is correct where the shortest alignment with the reference's words matches it. */
export function wordOutcomes(lines: readonly (readonly [Decoded, string])[]): Outcomes {
  return outcomesOf(lines, (decoding, reference) => [
    decoding.words.map(({ text, confidence }) => [text, confidence]),
    words(reference),
  ]);
}

function outcomesOf(
  lines: readonly (readonly [Decoded, string])[],
  unitsOf: (decoding: Decoded, reference: string) => [[string, number][], string[]],
): Outcomes {
  const outcomes: Outcomes = { confidences: [], correct: [] };
  for (const [decoding, reference] of lines) {
    const [read, written] = unitsOf(decoding, reference);
    const operations = editOperations(
      written,
      read.map(([unit]) => unit),
    );
    outcomes.confidences.push(...read.map(([, confidence]) => confidence));
    outcomes.correct.push(...operations.filter(({ kind }) => kind !== 'deletion').map(({ kind }) => kind === 'match'));
  }
  return outcomes;
}
