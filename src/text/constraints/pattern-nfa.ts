import { type CharSet, type Concatenation, type Element, JS } from 'refa';

/** Parts of a pattern that are written out for each character of them: empty groups may be repeated a million times, too. */
const PARTS_PER_CHARACTER = 10;

/** A character, one of `set`, which leads from one state to another. */
export interface NfaCharacter {
  readonly set: CharSet;
  readonly target: number;
}

/** A state of a nondeterministic automaton; all states in `empty` are reached from it without a character. */
export interface NfaState {
  readonly characters: NfaCharacter[];
  readonly empty: number[];
}

/** Starts in the first state. */
export interface PatternNfa {
  readonly states: readonly NfaState[];
  readonly final: number;
}

/**
 * A regular expression with the flag `u` as an automaton (Thompson 1968), whose size grows with the length of the pattern, repetitions
 * written out. Throws an `Error` that says what is not understood, or that more than `maxCharacters` are needed.
 */
export function patternNfa(pattern: string, maxCharacters: number): PatternNfa {
  const parser = JS.Parser.fromLiteral({ source: pattern, flags: 'u' });
  const { expression } = parser.parse({ maxNodes: 10 * maxCharacters, assertions: 'throw' });
  const builder = new NfaBuilder(maxCharacters);
  const final = builder.anyOf(expression.alternatives, 0);
  return { states: builder.states, final };
}

/** Each method goes on from the state `from` and gives the state where the part of the pattern ends. */
class NfaBuilder {
  readonly states: NfaState[] = [{ characters: [], empty: [] }];
  readonly #maxCharacters: number;
  #characters = 0;
  #parts = 0;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
  }

  anyOf(alternatives: readonly Concatenation[], from: number): number {
    const end = this.#add();
    for (const { elements } of alternatives) {
      this.#parts += 1 + elements.length;
      if (this.#parts > PARTS_PER_CHARACTER * this.#maxCharacters) throw this.#tooMany();
      const last = elements.reduce((at, element) => this.#element(element, at), from);
      this.states[last].empty.push(end);
    }
    return end;
  }

  #element(element: Element, from: number): number {
    if (element.type === 'CharacterClass') return this.#character(element.characters, from);
    if (element.type === 'Alternation') return this.anyOf(element.alternatives, from);
    if (element.type !== 'Quantifier') throw new Error(`it has an ${element.type.toLowerCase()}`);
    const { alternatives, min, max } = element;
    let at = from;
    for (let i = 0; i < min; i++) at = this.anyOf(alternatives, at);
    if (max === Infinity) return this.#repeated(alternatives, at);
    const end = this.#add();
    for (let i = min; i < max; i++) {
      this.states[at].empty.push(end);
      at = this.anyOf(alternatives, at);
    }
    this.states[at].empty.push(end);
    return end;
  }

  #character(set: CharSet, from: number): number {
    if (++this.#characters > this.#maxCharacters) throw this.#tooMany();
    const target = this.#add();
    this.states[from].characters.push({ set, target });
    return target;
  }

  /** In a state of its own, so that nothing that begins at `from` as well is repeated. */
  #repeated(alternatives: readonly Concatenation[], from: number): number {
    const start = this.#add();
    this.states[from].empty.push(start);
    this.states[this.anyOf(alternatives, start)].empty.push(start);
    return start;
  }

  #add(): number {
    return this.states.push({ characters: [], empty: [] }) - 1;
  }

  #tooMany(): Error {
    return new Error(`it needs more than ${this.#maxCharacters} states`);
  }
}
