import { DFA, JS, NFA } from 'refa';
import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import type { DraftState } from './text-automaton.ts';

/** Patterns that need more states are refused: some grow exponentially with their length. */
const maxStates = 2000;
const maxLength = 1000;

/**
 * The states of an automaton that accepts the texts which match `pattern` as a whole: a JavaScript regular expression with the flag
 * `u`, without assertions and references back. Throws `INVALID_ARGUMENT` for any other and for one that needs too many states.
 */
export function patternStates(pattern: string, alphabet: Alphabet): DraftState[] {
  const { initial, finals } = compile(pattern);
  const numbers = new Map<DFA.ReadonlyNode, number>([[initial, 0]]);
  const queue = [initial];
  const states: DraftState[] = [];
  for (const node of queue) {
    const next = new Map<number, number>();
    for (const [{ min, max }, target] of node.out) {
      if (!numbers.has(target)) numbers.set(target, queue.push(target) - 1);
      for (const [index, character] of alphabet.characters.entries()) {
        const code = character.codePointAt(0)!;
        if (code >= min && code <= max) next.set(index + 1, numbers.get(target)!);
      }
    }
    states.push({ next, isFinal: finals.has(node) });
  }
  return states;
}

function compile(pattern: string): Compiled {
  if (pattern.length > maxLength) {
    throw invalid(pattern.slice(0, 40), `it is ${pattern.length} characters long, and ${maxLength} are the most`);
  }
  try {
    const parser = JS.Parser.fromLiteral({ source: pattern, flags: 'u' });
    const { expression, maxCharacter } = parser.parse({ maxNodes: 10 * maxStates, assertions: 'throw' });
    const nfa = NFA.fromRegex(expression, { maxCharacter }, {}, new NFA.LimitedNodeFactory(maxStates));
    const dfa = DFA.fromFA(nfa, new DFA.LimitedNodeFactory(maxStates));
    dfa.minimize();
    return dfa;
  } catch (cause) {
    throw invalid(pattern, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

interface Compiled {
  readonly initial: DFA.ReadonlyNode;
  readonly finals: ReadonlySet<DFA.ReadonlyNode>;
}

function invalid(pattern: string, reason: string, cause?: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The pattern ${JSON.stringify(pattern)} cannot be used: ${reason}. Give a regular expression for the whole line, without ^, $, \\b, look-around or back-references, e.g. [A-Z]{2}\\d{6}`,
    { cause },
  );
}
