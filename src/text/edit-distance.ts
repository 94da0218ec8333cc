import { distance } from 'fastest-levenshtein';
import { editOperations, isEdit } from './edit-operations.ts';

/** Levenshtein distance between two sequences of any values that a Map can hold (Myers 1999, bit-parallel). */
export function sequenceDistance(reference: readonly unknown[], hypothesis: readonly unknown[]): number {
  // The library compares UTF-16 code units: give every distinct item a code unit of its own.
  const units = new Map<unknown, string>();
  const spell = (items: readonly unknown[]) => items.map((item) => unitOf(units, item)).join('');
  const [a, b] = [spell(reference), spell(hypothesis)];
  return units.size < 65_536 ? distance(a, b) : editOperations(reference, hypothesis).filter(isEdit).length;
}

/** Levenshtein distance in Unicode code points of the texts' NFC forms. */
export function editDistance(reference: string, hypothesis: string): number {
  const [a, b] = [reference.normalize('NFC'), hypothesis.normalize('NFC')];
  if (!hasSurrogates(a) && !hasSurrogates(b)) return distance(a, b);
  return sequenceDistance([...a], [...b]);
}

function unitOf(units: Map<unknown, string>, item: unknown): string {
  const known = units.get(item);
  if (known !== undefined) return known;
  const unit = String.fromCharCode(units.size);
  units.set(item, unit);
  return unit;
}

function hasSurrogates(text: string): boolean {
  return /[\uD800-\uDFFF]/.test(text);
}
