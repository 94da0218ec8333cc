import { expect, test } from 'vitest';
import { linesFromImages } from '../../../datasets/lines/memory-lines.ts';
import { foldsOf } from './folds.ts';

const image = { width: 2, height: 2, data: new Uint8Array(4) };

function linesOf(pages: readonly (string | undefined)[]) {
  return linesFromImages(
    'lines',
    pages.map(() => image),
    pages.map((page, i) => ({ id: String(i), text: 'a', page })),
  );
}

const ids = ({ lines }: { lines: readonly { id: string }[] }) =>
  lines.map(({ id }) => Number(id)).toSorted((a, b) => a - b);

test('every line is held out once, and no page is in both parts', () => {
  const pages = Array.from({ length: 30 }, (_, i) => `page ${i % 6}`);
  const folds = foldsOf(linesOf(pages), 4, 42);
  expect(folds.flatMap(({ heldOut }) => ids(heldOut)).toSorted((a, b) => a - b)).toEqual(pages.map((_, i) => i));
  for (const { train, heldOut } of folds) {
    expect(train.length + heldOut.length).toBe(30);
    const held = new Set(heldOut.lines.map(({ page }) => page));
    expect(train.lines.some(({ page }) => held.has(page))).toBe(false);
  }
  expect(folds.map(({ heldOut }) => heldOut.length).toSorted()).toEqual([10, 10, 5, 5].toSorted());
});

test.each([
  ['no pages', undefined],
  ['one page', 'page'],
])('lines of %s are divided line by line, evenly', (_, page) => {
  const folds = foldsOf(linesOf(Array.from({ length: 18 }, () => page)), 4, 42);
  expect(folds.map(({ heldOut }) => heldOut.length).toSorted((a, b) => a - b)).toEqual([4, 4, 5, 5]);
});

test('the seed decides', () => {
  const held = (seed: number) => ids(foldsOf(linesOf(Array.from({ length: 40 }, () => undefined)), 4, seed)[0].heldOut);
  expect(held(1)).toEqual(held(1));
  expect(held(1)).not.toEqual(held(2));
});
