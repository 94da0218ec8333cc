import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import type { CtcLanguageModel } from '../ctc-prefix-beam.ts';

/** How a list of words and the language model share the probability. */
interface Shares {
  /** Of the list where a word begins: how often a word is expected to be one of the list. */
  readonly begin: number;
  /** Of the list within a word that has begun like one of the list. */
  readonly within: number;
}

const shares: Shares = { begin: 0.2, within: 0.7 };

/** A prefix of words of the list: how many words continue from it, which end with it, and where its characters lead. */
interface ListNode {
  words: number;
  ends: number;
  readonly next: Map<number, number>;
}

const root = 0;
/** Within a word that is none of the list. */
const outside = -1;

/**
 * Mixes a language model with a list of words that are likely to occur: names, places, terms. Within a word the list gives every
 * continuation its share of the words that begin like this; a word ends where no letter or digit follows. Entries are folded to the
 * alphabet; throws `INVALID_ARGUMENT` for an empty list and for an entry that the model cannot read.
 */
export function preferWords(words: readonly string[], alphabet: Alphabet): PreferWords {
  const nodes = listNodes(words, alphabet);
  const isWordLabel = Uint8Array.from(['', ...alphabet.characters], (c) => Number(/[\p{L}\d'-]/u.test(c)));
  return (model) => mixed(model, nodes, isWordLabel);
}

/** Makes a mixed model for some lines: it remembers every state that was met. */
export type PreferWords = (model: CtcLanguageModel) => CtcLanguageModel;

function mixed(model: CtcLanguageModel, nodes: readonly ListNode[], isWordLabel: Uint8Array): CtcLanguageModel {
  const pairs = new StatePairs();

  /** p(label | list, node); a character that ends the word counts as the end, whichever it is. */
  function ofList(node: ListNode, label: number): number {
    if (!isWordLabel[label]) return node.ends / node.words;
    const child = node.next.get(label);
    return child === undefined ? 0 : nodes[child].words / node.words;
  }

  function nodeAfter(node: number, label: number): number {
    if (!isWordLabel[label]) return root;
    return node === outside ? outside : (nodes[node].next.get(label) ?? outside);
  }

  return {
    start: pairs.of(model.start, root),
    score(state, label) {
      const [inner, node] = [pairs.inner(state), pairs.node(state)];
      const general = model.score(inner, label);
      if (node === outside || (node === root && !isWordLabel[label])) return general;
      const share = node === root ? shares.begin : shares.within;
      return Math.log((1 - share) * Math.exp(general) + share * ofList(nodes[node], label));
    },
    advance: (state, label) => pairs.of(model.advance(pairs.inner(state), label), nodeAfter(pairs.node(state), label)),
    end: (state) => model.end(pairs.inner(state)),
    trust: (state, label) => model.trust(pairs.inner(state), label),
  };
}

function listNodes(words: readonly string[], alphabet: Alphabet): ListNode[] {
  const nodes: ListNode[] = [{ words: 0, ends: 0, next: new Map() }];
  for (const word of words.flatMap((entry) => entry.trim().split(/\s+/u)).filter(Boolean)) {
    let node = nodes[root];
    node.words++;
    for (const label of alphabet.encode(word, 'fold')) {
      const known = node.next.get(label);
      const next = known ?? nodes.push({ words: 0, ends: 0, next: new Map() }) - 1;
      if (known === undefined) node.next.set(label, next);
      node = nodes[next];
      node.words++;
    }
    node.ends++;
  }
  if (nodes[root].words > 0) return nodes;
  throw new TextRecognizerError('INVALID_ARGUMENT', 'The list of words is empty; give one entry a line.');
}

/** Pairs of a state of the model and a node of the list, numbered as they come. */
class StatePairs {
  readonly #numbers = new Map<number, number>();
  readonly #inner: number[] = [];
  readonly #nodes: number[] = [];

  of(inner: number, node: number): number {
    const key = inner * 2 ** 24 + node + 1;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#inner.length);
    this.#nodes.push(node);
    return this.#inner.push(inner) - 1;
  }

  inner(state: number): number {
    return this.#inner[state];
  }

  node(state: number): number {
    return this.#nodes[state];
  }
}
