import type { CharSet } from 'refa';
import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import { type NfaState, type PatternNfa, patternNfa } from './pattern-nfa.ts';
import type { DraftState } from './text-automaton.ts';

/** Patterns that need more states are refused: some grow exponentially with their length. */
const maxStates = 2000;
const maxLength = 1000;
/** So many states of the pattern may be looked at while its automaton is made, which takes a fraction of a second. */
const maxSteps = 2e6;

/**
 * The states of an automaton that accepts the texts which match `pattern` as a whole: a JavaScript regular expression with the flag
 * `u`, without assertions and references back. Throws `INVALID_ARGUMENT` for any other and for one that needs too many states or steps.
 */
export function patternStates(pattern: string, alphabet: Alphabet): DraftState[] {
  if (pattern.length > maxLength) {
    throw invalid(pattern.slice(0, 40), `it is ${pattern.length} characters long, and ${maxLength} are the most`);
  }
  try {
    return determinize(patternNfa(pattern, maxStates), alphabet);
  } catch (cause) {
    throw invalid(pattern, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Subset construction: a state is all states that the pattern may be in after the same characters. */
function determinize({ states, final }: PatternNfa, alphabet: Alphabet): DraftState[] {
  const { groupsOf, labels } = groupLabels(states, alphabet);
  const steps = new StepCounter();
  const numbers = new Map<string, number>();
  const subsets: (readonly number[])[] = [];
  const numberOf = (reached: readonly number[]): number => {
    const subset = reachedFrom(reached, states, steps);
    const key = subset.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (subsets.length === maxStates) throw new Error(`it needs more than ${maxStates} states`);
    numbers.set(key, subsets.length);
    return subsets.push(subset) - 1;
  };
  numberOf([0]);
  const drafts: DraftState[] = [];
  for (const subset of subsets) {
    const reached = new Map<number, number[]>();
    for (const { set, target } of subset.flatMap((state) => states[state].characters)) {
      for (const group of groupsOf.get(set)!) append(reached, group, target);
      steps.take(groupsOf.get(set)!.length);
    }
    const next = new Map<number, number>();
    for (const [group, targets] of reached) {
      const number = numberOf(targets);
      for (const label of labels[group]) next.set(label, number);
    }
    drafts.push({ next, isFinal: subset.includes(final) });
  }
  return drafts;
}

class StepCounter {
  #left = maxSteps;

  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Error('there are too many ways to match it');
  }
}

/** The states with a character, or final, to which `from` leads without a character, in order. */
function reachedFrom(from: readonly number[], states: readonly NfaState[], steps: StepCounter): readonly number[] {
  const seen = new Set(from);
  for (const state of seen) {
    steps.take(1 + states[state].empty.length);
    for (const next of states[state].empty) seen.add(next);
  }
  const isNeeded = (state: number) => states[state].characters.length > 0 || states[state].empty.length === 0;
  return [...seen].filter(isNeeded).sort((a, b) => a - b);
}

/** Labels that every set of the pattern contains together or not at all. */
interface LabelGroups {
  readonly groupsOf: ReadonlyMap<CharSet, readonly number[]>;
  /** The labels of each group. */
  readonly labels: readonly (readonly number[])[];
}

function groupLabels(states: readonly NfaState[], alphabet: Alphabet): LabelGroups {
  const sets = [...new Set(states.flatMap(({ characters }) => characters.map(({ set }) => set)))];
  const groupsOf = new Map(sets.map((set): [CharSet, number[]] => [set, []]));
  const labels = new Map<string, number[]>();
  alphabet.characters.forEach((character, index) => {
    const code = character.codePointAt(0)!;
    const within = sets.filter((set) => set.has(code));
    if (within.length === 0) return;
    const key = within.map((set) => sets.indexOf(set)).join();
    if (!labels.has(key)) for (const set of within) groupsOf.get(set)!.push(labels.size);
    append(labels, key, index + 1);
  });
  return { groupsOf, labels: [...labels.values()] };
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function invalid(pattern: string, reason: string, cause?: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The pattern ${JSON.stringify(pattern)} cannot be used: ${reason}. Give a regular expression for the whole line, without ^, $, \\b, look-around or back-references, e.g. [A-Z]{2}\\d{6}`,
    { cause },
  );
}
