import { expect, test } from 'vitest';
import { withCaseMerged, withLookAlikesMerged } from './merge-classes.ts';

const classes = ['0', '1', 'I', 'L', 'O', 'S', 'i', 'l', 'o', 's'];

test('a letter is the same in either case', () => {
  expect(withCaseMerged(classes)).toEqual(['0', '1', 'i', 'l', 'o', 's', 'i', 'l', 'o', 's']);
});

test('0 and O are one, and 1, l and I; a dotted i and the angle of an L are not', () => {
  expect(withLookAlikesMerged(['0', 'O', 'o'])).toEqual(['0', '0', '0']);
  expect(withLookAlikesMerged(['1', 'l', 'I'])).toEqual(['1', '1', '1']);
  expect(withLookAlikesMerged(['i', 'S', 's'])).toEqual(['i', 's', 's']);
});
