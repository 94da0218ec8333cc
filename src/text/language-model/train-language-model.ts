import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import { countNgrams, type NgramLevel } from './count-ngrams.ts';
import { type EstimatedLevel, type KeptNgrams, kneserNey } from './kneser-ney.ts';
import { bytesPerNgram } from './language-model-file.ts';
import type { NgramTree } from './language-model.ts';
import { pruneNgrams } from './prune-ngrams.ts';

export interface LanguageModelOptions {
  /** The alphabet whose characters the model knows; others are left out of the text. */
  readonly alphabet: Alphabet;
  /** The longest n-gram, 2 to 12; 7 by default. */
  readonly order?: number;
  /** The size of the file that the n-grams are pruned to, in bytes; 4,000,000 by default. */
  readonly maxBytes?: number;
}

/**
 * Trains a character model with interpolated modified Kneser–Ney smoothing on sentences, which are joined by spaces:
 * lines of handwriting start and end anywhere in a text. Takes about 30 bytes of memory per distinct n-gram.
 */
export function trainLanguageModel(sentences: Iterable<string>, options: LanguageModelOptions): NgramTree {
  const { alphabet, order = 7, maxBytes = 4_000_000 } = options;
  if (!Number.isInteger(order) || order < 2 || order > 12) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `The order must be a whole number from 2 to 12, not ${order}.`);
  }
  const vocabulary = alphabet.characters.length;
  const levels = countNgrams(symbolsOf(sentences, alphabet), order, vocabulary);
  const full = kneserNey(levels, vocabulary);
  const kept = pruneNgrams(levels, full, maxBytes - 4096 * order, (level) => bytesPerNgram(level, order));
  return treeOf(alphabet, levels, kneserNey(levels, vocabulary, kept), kept);
}

/** The text as symbols 0 …, one less than the alphabet's classes; each sentence ends in a space. */
function symbolsOf(sentences: Iterable<string>, alphabet: Alphabet): Uint8Array {
  const parts = Array.from(sentences, (sentence) => alphabet.encode(`${sentence} `, 'drop'));
  const symbols = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) for (const label of part) symbols[offset++] = label - 1;
  return symbols;
}

/** The kept n-grams as a tree whose empty context has every character of the alphabet, seen or not. */
function treeOf(
  alphabet: Alphabet,
  levels: readonly NgramLevel[],
  estimates: readonly EstimatedLevel[],
  kept: KeptNgrams,
): NgramTree {
  const vocabulary = alphabet.characters.length;
  const sizes = kept.map((keep, k) => (k === 0 ? vocabulary : keep.reduce((sum, bit) => sum + bit, 0)));
  const nodes = 1 + sizes.reduce((sum, size) => sum + size, 0);
  const tree = {
    characters: alphabet.characters,
    order: levels.length,
    symbols: new Uint8Array(nodes),
    logProbabilities: new Float32Array(nodes),
    logBackoffs: new Float32Array(nodes),
    firstChild: new Uint32Array(nodes + 1),
  };
  fillUnigrams(tree, levels[0], estimates[0]);
  // The kept n-grams of a level, by node, as indices into the level; −1 for a character that the text does not have.
  let indices: Int32Array = new Int32Array(vocabulary).fill(-1);
  levels[0].symbols.forEach((symbol, i) => (indices[symbol] = i));
  let first = 1;
  for (let k = 0; k < levels.length; k++) {
    indices = fillChildren(tree, first, indices, levels, estimates, kept, k);
    first += sizes[k];
  }
  return tree;
}

function fillUnigrams(tree: NgramTree, level: NgramLevel, estimate: EstimatedLevel): void {
  const vocabulary = tree.characters.length;
  let unseen = 1;
  for (const probability of estimate.probabilities) unseen -= probability;
  const rest = unseen / Math.max(1, vocabulary - level.symbols.length);
  tree.firstChild[0] = 1;
  for (let symbol = 0; symbol < vocabulary; symbol++) {
    tree.symbols[1 + symbol] = symbol;
    tree.logProbabilities[1 + symbol] = Math.log(Math.max(rest, 1e-9));
  }
  level.symbols.forEach((symbol, i) => (tree.logProbabilities[1 + symbol] = Math.log(estimate.probabilities[i])));
}

/** Writes the kept children of level k's nodes, which start at node `first`, and returns the children's indices. */
function fillChildren(
  tree: NgramTree,
  first: number,
  indices: Int32Array,
  levels: readonly NgramLevel[],
  estimates: readonly EstimatedLevel[],
  kept: KeptNgrams,
  k: number,
): Int32Array {
  const children: number[] = [];
  const end = first + indices.length;
  indices.forEach((index, i) => {
    tree.firstChild[first + i] = end + children.length;
    if (index < 0 || k + 1 === levels.length) return;
    const before = children.length;
    for (let child = levels[k].firstChild[index]; child < levels[k].firstChild[index + 1]; child++) {
      if (kept[k + 1][child] === 1) children.push(child);
    }
    if (children.length > before) tree.logBackoffs[first + i] = Math.log(estimates[k].backoffs[index]);
  });
  tree.firstChild[end] = end + children.length;
  children.forEach((child, i) => {
    tree.symbols[end + i] = levels[k + 1].symbols[child];
    tree.logProbabilities[end + i] = Math.log(estimates[k + 1].probabilities[child]);
  });
  return Int32Array.from(children);
}
