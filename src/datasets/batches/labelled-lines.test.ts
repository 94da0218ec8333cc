import { expect, test } from 'vitest';
import { Alphabet } from '../../text/alphabet.ts';
import { ctcSteps, labelLines, leftOutNotice } from './labelled-lines.ts';
import { linesFromImages } from '../lines/memory-lines.ts';

const alphabet = new Alphabet(" 'abé");

function lines(...texts: string[]) {
  const image = { width: 2, height: 1, data: new Uint8Array(2) };
  return linesFromImages(
    'texts',
    texts.map(() => image),
    texts.map((text, i) => ({ id: `${i}`, text })),
  );
}

test('encodes what the alphabet can spell, folded, and counts the rest', () => {
  const labelled = labelLines(lines('ab', 'a’e\u0301', 'aπ', '>a< b', 'aaa', ' ', 'b'), alphabet, { maxSteps: 4 });
  expect([...labelled.indices]).toEqual([0, 1, 6]);
  expect([...labelled.starts]).toEqual([0, 2, 5, 6]);
  expect([...labelled.classes]).toEqual([3, 4, 3, 2, 5, 4]);
  expect(labelled.leftOut).toEqual({ unknownCharacter: 1, struckOut: 1, tooLong: 1, empty: 1 });
});

test('leaves out what has more characters than there is room for, and says so', () => {
  const labelled = labelLines(lines('aaa', 'ab', ' abab ', 'e\u0301a a', 'aπ'), alphabet, { maxLength: 3 });
  expect([...labelled.indices]).toEqual([0, 1]);
  expect(leftOutNotice(labelled)).toBe(
    'texts: 3 of 5 lines are left out: 1 with characters outside the alphabet, 2 with more characters than the network has room for. The alphabet lacks "π" in 1.',
  );
  expect(leftOutNotice(labelLines(lines('ab'), alphabet))).toBeUndefined();
});

test('CTC needs a blank between equal neighbours', () => {
  expect(ctcSteps(Uint16Array.of(3, 3, 3, 4, 3))).toBe(7);
  expect(ctcSteps(new Uint16Array())).toBe(0);
});
