import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, sequenceDistance } from './edit-distance.ts';
import { editOperations, isEdit } from './edit-operations.ts';

describe('editDistance', () => {
  // Jurafsky and Martin, "Speech and Language Processing", ch. 2 (intention); Wikipedia, "Levenshtein distance".
  it.each([
    ['intention', 'execution', 5],
    ['kitten', 'sitting', 3],
    ['Saturday', 'Sunday', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['', '', 0],
  ])('%s → %s is %i', (reference, hypothesis, expected) => {
    expect(editDistance(reference, hypothesis)).toBe(expected);
  });

  it('counts code points of the NFC forms', () => {
    expect(editDistance('café', 'cafe\u0301')).toBe(0);
    expect(editDistance('a😀b', 'ab')).toBe(1);
    expect(editDistance('😀', '😁')).toBe(1);
  });
});

describe('editOperations', () => {
  it('aligns as in the textbook', () => {
    const kinds = editOperations([...'kitten'], [...'sitting']).map(({ kind }) => kind[0]);
    expect(kinds.join('')).toBe('smmmsmi');
  });

  it('names the items', () => {
    expect(editOperations([...'xab'], [...'abc'])).toEqual([
      { kind: 'deletion', reference: 'x' },
      { kind: 'match', reference: 'a', hypothesis: 'a' },
      { kind: 'match', reference: 'b', hypothesis: 'b' },
      { kind: 'insertion', hypothesis: 'c' },
    ]);
  });

  const sequences = fc.array(fc.constantFrom('a', 'b', 'c', 'é', '😀'), { maxLength: 70 });

  it('is as long as the distance, and spells both sequences', () => {
    fc.assert(
      fc.property(sequences, sequences, (reference, hypothesis) => {
        const operations = editOperations(reference, hypothesis);
        const edits = operations.filter(isEdit).length;
        expect(edits).toBe(sequenceDistance(reference, hypothesis));
        expect(edits).toBe(editDistance(reference.join(''), hypothesis.join('')));
        expect(operations.flatMap((step) => step.reference ?? [])).toEqual(reference);
        expect(operations.flatMap((step) => step.hypothesis ?? [])).toEqual(hypothesis);
      }),
    );
  });
});
