import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import type { DraftState } from './text-automaton.ts';

/**
 * The states of a trie of the texts of a closed list, one of which is the whole line. Characters are folded to the alphabet's own;
 * throws `INVALID_ARGUMENT` for an empty list and for an entry that the model cannot read.
 */
export function wordStates(words: readonly string[], alphabet: Alphabet): DraftState[] {
  if (words.length === 0) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'The list of words is empty; give one entry a line.');
  }
  const states: DraftState[] = [{ next: new Map(), isFinal: false }];
  for (const word of words) {
    let state = 0;
    for (const label of alphabet.encode(word.trim(), 'fold')) {
      const known = states[state].next.get(label);
      const next = known ?? states.push({ next: new Map(), isFinal: false }) - 1;
      if (known === undefined) states[state].next.set(label, next);
      state = next;
    }
    states[state].isFinal = true;
  }
  return states;
}
