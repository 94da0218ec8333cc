import type { Alphabet } from '../alphabet.ts';
import type { CtcLanguageModel } from '../ctc-prefix-beam.ts';

/** A character n-gram model as arrays over its nodes: 0 is the empty context, then all n-grams level by level. */
export interface NgramTree {
  /** The characters, by symbol. */
  readonly characters: readonly string[];
  readonly order: number;
  /** Last symbol of each n-gram. */
  readonly symbols: Uint8Array;
  /** Natural log of p(last symbol | symbols before it). */
  readonly logProbabilities: Float32Array;
  /** Natural log of each n-gram's back-off weight as a context; 0 where it has no continuations. */
  readonly logBackoffs: Float32Array;
  /** `[nodes + 1]`: continuations of node i are nodes `firstChild[i]` to `firstChild[i + 1]`, in order of symbols. */
  readonly firstChild: Uint32Array;
}

/** The arrays of a model: where they are shared, they go to other threads without being copied. */
export interface LanguageModelMemory {
  readonly tree: NgramTree;
  readonly links: Uint32Array;
}

/**
 * A back-off model of characters. A state is the node of the longest context that the model knows; unknown symbols (−1)
 * have the probability of a uniform draw and lead to the empty context.
 */
export class LanguageModel {
  readonly characters: readonly string[];
  readonly order: number;
  /** The number of n-grams. */
  readonly size: number;
  private readonly tree: NgramTree;
  /** Per node, the node of its longest proper suffix with continuations: where to continue when there is none. */
  private readonly links: Uint32Array;
  private readonly symbolOf: ReadonlyMap<string, number>;

  /** `links` are computed where they are not given. */
  constructor(tree: NgramTree, links?: Uint32Array) {
    this.tree = tree;
    this.characters = tree.characters;
    this.order = tree.order;
    this.size = tree.symbols.length - 1;
    this.symbolOf = new Map(tree.characters.map((character, symbol) => [character, symbol]));
    this.links = links ?? this.linkSuffixes();
  }

  /** A model in memory that another one was moved to, perhaps on another thread. */
  static in({ tree, links }: LanguageModelMemory): LanguageModel {
    return new LanguageModel(tree, links);
  }

  /** A copy of the arrays that threads can share. */
  toSharedMemory(): LanguageModelMemory {
    const { characters, order, symbols, logProbabilities, logBackoffs, firstChild } = this.tree;
    return {
      tree: {
        characters,
        order,
        symbols: new Uint8Array(shared(symbols)),
        logProbabilities: new Float32Array(shared(logProbabilities)),
        logBackoffs: new Float32Array(shared(logBackoffs)),
        firstChild: new Uint32Array(shared(firstChild)),
      },
      links: new Uint32Array(shared(this.links)),
    };
  }

  /** The state at the start of a line: after a space. */
  get start(): number {
    return this.next(0, this.symbol(' '));
  }

  /** The symbol of a character, −1 if the model has none. */
  symbol(character: string): number {
    return this.symbolOf.get(character) ?? -1;
  }

  /** Natural log of p(symbol | state). */
  score(state: number, symbol: number): number {
    const { logProbabilities, logBackoffs } = this.tree;
    if (symbol < 0) return -Math.log(this.characters.length + 1);
    let node = state;
    let backoff = 0;
    let child = this.find(node, symbol);
    // The empty context continues with every symbol, so this ends.
    while (child < 0) {
      backoff += logBackoffs[node];
      node = this.links[node];
      child = this.find(node, symbol);
    }
    return backoff + logProbabilities[child];
  }

  /** The state after `symbol` in `state`. */
  next(state: number, symbol: number): number {
    if (symbol < 0) return 0;
    for (let node = state; ; node = this.links[node]) {
      const child = this.find(node, symbol);
      if (child >= 0) return this.hasChildren(child) ? child : this.links[child];
    }
  }

  /** Natural log-probability of the text after a space, in order of its NFC code points. */
  logProbability(text: string): number {
    let [sum, state] = [0, this.start];
    for (const character of text.normalize('NFC')) {
      const symbol = this.symbol(character);
      sum += this.score(state, symbol);
      state = this.next(state, symbol);
    }
    return sum;
  }

  /**
   * The model over the classes of a CTC network with another alphabet; a line may end where a space is likely. Of what it says on
   * digits, and on capitals and signs that continue from a digit or a capital, the share `codeTrust` counts: nobody can guess a number.
   */
  forCtc(alphabet: Alphabet, codeTrust = 1): CtcLanguageModel {
    const symbols = Int32Array.from(['', ...alphabet.characters], (character) => this.symbol(character));
    const space = this.symbol(' ');
    const isDigit = classes(alphabet, /^\d$/u);
    const isCapital = classes(alphabet, /^\p{Lu}$/u);
    const isSign = classes(alphabet, /^[^\p{L}\d\s]$/u);
    // States are those of the model times four, plus what the last character was: 1 a capital, 2 a digit.
    const last = isDigit.map((digit, label) => 2 * digit + isCapital[label]);
    return {
      start: 4 * this.start,
      score: (state, label) => this.score(state >>> 2, symbols[label]),
      advance: (state, label) => 4 * this.next(state >>> 2, symbols[label]) + last[label],
      end: (state) => this.score(state >>> 2, space),
      trust: (state, label) => {
        const after = state & 3;
        const isCode = isDigit[label] || (after > 0 && isCapital[label]) || (after === 2 && isSign[label]);
        return isCode ? codeTrust : 1;
      },
    };
  }

  private hasChildren(node: number): boolean {
    return this.tree.firstChild[node + 1] > this.tree.firstChild[node];
  }

  /** The node of `node` continued by `symbol`, or −1. */
  private find(node: number, symbol: number): number {
    const { firstChild, symbols } = this.tree;
    let low = firstChild[node];
    if (node === 0) return low + symbol;
    let high = firstChild[node + 1] - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = symbols[middle];
      if (found === symbol) return middle;
      if (found < symbol) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Failure links as in Aho and Corasick (1975): nodes come level by level, so a parent's link is known before. */
  private linkSuffixes(): Uint32Array {
    const { firstChild, symbols } = this.tree;
    const links = new Uint32Array(symbols.length);
    for (let parent = 1; parent < symbols.length; parent++) {
      for (let child = firstChild[parent]; child < firstChild[parent + 1]; child++) {
        links[child] = this.linkOf(links, parent, symbols[child]);
      }
    }
    return links;
  }

  private linkOf(links: Uint32Array, parent: number, symbol: number): number {
    for (let node = links[parent]; ; node = links[node]) {
      const child = this.find(node, symbol);
      if (child >= 0 && this.hasChildren(child)) return child;
      if (node === 0) return 0;
    }
  }
}

function shared({ buffer, byteOffset, byteLength }: ArrayBufferView): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(byteLength);
  new Uint8Array(memory).set(new Uint8Array(buffer, byteOffset, byteLength));
  return memory;
}

/** 1 for the classes whose character is of this kind, otherwise 0. */
function classes(alphabet: Alphabet, kind: RegExp): Uint8Array {
  return Uint8Array.from(['', ...alphabet.characters], (character) => Number(kind.test(character)));
}
