import { TextRecognizerError } from '../../errors.ts';

/**
 * All n-grams of a text up to an order as a tree, level by level: level k − 1 holds the distinct k-grams in lexical order,
 * so that a k-gram's continuations are neighbours on the next level.
 */
export interface NgramLevel {
  /** The last symbol of each k-gram. */
  readonly symbols: Uint8Array;
  /** How often each k-gram is in the text. */
  readonly counts: Uint32Array;
  /** `[k-grams + 1]`: continuations of k-gram i are `firstChild[i]` to `firstChild[i + 1]` of the next level. */
  readonly firstChild: Uint32Array;
  /** The (k−1)-gram without the first symbol, an index into the level before; all 0 on the first level. */
  readonly suffixes: Uint32Array;
}

/**
 * Counts the n-grams of `text`, symbols below `vocabulary`, of orders 1 to `order`. The text is read as a circle, so that
 * every n-gram has a suffix and a continuation in it.
 */
export function countNgrams(text: Uint8Array, order: number, vocabulary: number): NgramLevel[] {
  requireSymbols(text, vocabulary);
  const padded = new Uint8Array(text.length + order);
  for (let i = 0; i < padded.length; i++) padded[i] = text[i % text.length];
  const positions = sortPositions(padded, text.length, order, vocabulary);
  const sizes = levelSizes(padded, positions, order);
  const levels = sizes.map((size) => ({
    symbols: new Uint8Array(size),
    counts: new Uint32Array(size),
    firstChild: new Uint32Array(size + 1),
    suffixes: new Uint32Array(size),
  }));
  fillLevels(padded, positions, levels);
  for (let k = 1; k < order; k++) linkSuffixes(levels, k);
  return levels;
}

/** The index in level `k` of the continuation of (k)-gram `parent` of level k − 1 by `symbol`, or −1. */
function findChild(levels: readonly NgramLevel[], k: number, parent: number, symbol: number): number {
  const { symbols } = levels[k];
  let [low, high] = [levels[k - 1].firstChild[parent], levels[k - 1].firstChild[parent + 1] - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (symbols[middle] === symbol) return middle;
    if (symbols[middle] < symbol) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Positions sorted by the `order` symbols that follow them: a radix sort, one stable counting pass per symbol. */
function sortPositions(text: Uint8Array, length: number, order: number, vocabulary: number): Uint32Array {
  let sorted = Uint32Array.from({ length }, (_, i) => i);
  let next = new Uint32Array(length);
  const starts = new Uint32Array(vocabulary + 1);
  for (let k = order - 1; k >= 0; k--) {
    starts.fill(0);
    for (let i = 0; i < length; i++) starts[text[i + k] + 1]++;
    for (let s = 0; s < vocabulary; s++) starts[s + 1] += starts[s];
    for (let i = 0; i < length; i++) next[starts[text[sorted[i] + k]]++] = sorted[i];
    [sorted, next] = [next, sorted];
  }
  return sorted;
}

/** How many symbols two positions have in common, at most `order`. */
function common(text: Uint8Array, a: number, b: number, order: number): number {
  let k = 0;
  while (k < order && text[a + k] === text[b + k]) k++;
  return k;
}

function levelSizes(text: Uint8Array, positions: Uint32Array, order: number): number[] {
  const sizes = Array.from({ length: order }, () => 0);
  for (let i = 0; i < positions.length; i++) {
    const shared = i === 0 ? 0 : common(text, positions[i - 1], positions[i], order);
    for (let k = shared; k < order; k++) sizes[k]++;
  }
  return sizes;
}

function fillLevels(text: Uint8Array, positions: Uint32Array, levels: readonly NgramLevel[]): void {
  const order = levels.length;
  const filled = new Uint32Array(order);
  for (let i = 0; i < positions.length; i++) {
    const shared = i === 0 ? 0 : common(text, positions[i - 1], positions[i], order);
    for (let k = shared; k < order; k++) {
      levels[k].symbols[filled[k]] = text[positions[i] + k];
      levels[k].firstChild[filled[k]] = k + 1 < order ? filled[k + 1] : 0;
      filled[k]++;
    }
    for (let k = 0; k < order; k++) levels[k].counts[filled[k] - 1]++;
  }
  for (let k = 0; k + 1 < order; k++) levels[k].firstChild[filled[k]] = filled[k + 1];
}

/** Fills the suffixes of level k: the suffix of "parent + symbol" continues the parent's suffix by the symbol. */
function linkSuffixes(levels: readonly NgramLevel[], k: number): void {
  const { firstChild } = levels[k - 1];
  const { symbols, suffixes } = levels[k];
  for (let parent = 0; parent + 1 < firstChild.length; parent++) {
    for (let child = firstChild[parent]; child < firstChild[parent + 1]; child++) {
      // On the second level the suffix is the unigram of the symbol; unigrams are few, so look it up in the first level.
      suffixes[child] =
        k === 1
          ? levels[0].symbols.indexOf(symbols[child])
          : findChild(levels, k - 1, levels[k - 1].suffixes[parent], symbols[child]);
    }
  }
}

function requireSymbols(text: Uint8Array, vocabulary: number): void {
  if (text.length === 0) throw new TextRecognizerError('INVALID_ARGUMENT', 'A language model needs text to count.');
  const stranger = text.findIndex((symbol) => symbol >= vocabulary);
  if (stranger < 0) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `Symbol ${text[stranger]} at position ${stranger} is not below the vocabulary's size ${vocabulary}.`,
  );
}
