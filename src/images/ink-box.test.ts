import { expect, test } from 'vitest';
import { findInk } from './ink-box.ts';
import { draw } from './testing/draw.ts';

const isIn = (x: number, y: number, left: number, top: number, width: number, height: number) =>
  x >= left && x < left + width && y >= top && y < top + height;

test('the box around a stem and its dot; a speck is painted black', () => {
  const image = draw(40, 50, (x, y) => {
    if (isIn(x, y, 20, 15, 4, 30) || isIn(x, y, 20, 6, 3, 3)) return 250;
    return isIn(x, y, 5, 40, 1, 1) ? 250 : 0;
  });
  const ink = findInk(image, 100);
  expect(ink?.box).toEqual({ left: 20, top: 6, right: 24, bottom: 45 });
  expect(ink?.image.data[40 * 40 + 5]).toBe(0);
  expect(ink?.image.data[20 * 40 + 21]).toBe(250);
});

test('of a hundred thousand marks, only the heaviest are looked at for frames: the work does not grow with their square', () => {
  const side = 1400;
  const dots = draw(side, side, (x, y) => (x % 4 < 2 && y % 4 < 2 ? 250 : 0));
  const ink = findInk(dots, 100);
  expect(ink?.marks).toHaveLength(122_500);
  expect(ink?.box).toEqual({ left: 0, top: 0, right: 1398, bottom: 1398 });
});

test('what is much fainter is left out', () => {
  const image = draw(40, 40, (x, y) => (isIn(x, y, 10, 10, 6, 20) ? 250 : isIn(x, y, 25, 10, 6, 20) ? 120 : 0));
  expect(findInk(image, 100)?.box).toEqual({ left: 10, top: 10, right: 16, bottom: 30 });
});

test('the edge of the paper and a neighbour cut by the side are left out', () => {
  const image = draw(60, 40, (x, y) => {
    const isCharacter = isIn(x, y, 25, 10, 8, 20);
    const isNeighbour = isIn(x, y, 54, 15, 6, 10);
    return isCharacter || isNeighbour || y < 4 ? 250 : 0;
  });
  const ink = findInk(image, 100);
  expect(ink?.box).toEqual({ left: 25, top: 10, right: 33, bottom: 30 });
  expect(ink?.marks).toEqual([
    { box: { left: 0, top: 0, right: 60, bottom: 4 }, area: 240, isInk: false, isAtRim: true },
    { box: { left: 25, top: 10, right: 33, bottom: 30 }, area: 160, isInk: true, isAtRim: false },
    { box: { left: 54, top: 15, right: 60, bottom: 25 }, area: 60, isInk: false, isAtRim: true },
  ]);
});

test('a K in two parts, cropped tightly, keeps both', () => {
  const image = draw(30, 40, (x, y) => (x < 6 || (x >= 8 && Math.abs(Math.abs(y - 20) - (x - 8)) < 4) ? 250 : 0));
  expect(findInk(image, 100)?.box).toEqual({ left: 0, top: 0, right: 30, bottom: 40 });
});

test('two dots belong to a character, three are those of the paper; lines keep them', () => {
  const withDots = (dots: number) =>
    draw(60, 60, (x, y) => {
      const isDot = [0, 1, 2].slice(0, dots).some((i) => isIn(x, y, 10 + 15 * i, 8, 3, 3));
      return isIn(x, y, 25, 20, 5, 30) || isDot ? 250 : 0;
    });
  expect(findInk(withDots(2), 100)?.box).toEqual({ left: 10, top: 8, right: 30, bottom: 50 });
  expect(findInk(withDots(3), 100)?.box).toEqual({ left: 25, top: 20, right: 30, bottom: 50 });
  expect(findInk(withDots(3), 100, true)?.box).toEqual({ left: 10, top: 8, right: 43, bottom: 50 });
});

test('a shadow in the corner, heavier than the character beside it, is left out', () => {
  const image = draw(60, 60, (x, y) => (isIn(x, y, 30, 20, 5, 30) || x + y < 28 ? 250 : 0));
  expect(findInk(image, 100)?.box).toEqual({ left: 30, top: 20, right: 35, bottom: 50 });
  expect(findInk(image, 100, true)?.box).toEqual({ left: 0, top: 0, right: 35, bottom: 50 });
});

test('fewer than four pixels are noise', () => {
  expect(
    findInk(
      draw(20, 20, (x, y) => (x === 4 && y < 3 ? 255 : 0)),
      100,
    ),
  ).toBeUndefined();
  expect(
    findInk(
      draw(20, 20, () => 0),
      100,
    ),
  ).toBeUndefined();
});

/** Light ink on black: a thick cross in the middle, and what \`isElse\` says. */
const cross = (isElse: (x: number, y: number) => boolean) =>
  draw(100, 100, (x, y) => {
    const isCross = (x >= 45 && x < 55 && y >= 35 && y < 65) || (y >= 45 && y < 55 && x >= 35 && x < 65);
    return isCross || isElse(x, y) ? 200 : 0;
  });
const crossBox = { left: 35, top: 35, right: 65, bottom: 65 };

test.each<[string, (x: number, y: number) => boolean]>([
  ['a frame around it', (x, y) => Math.max(Math.abs(x - 50), Math.abs(y - 50)) === 25],
  ['a margin rule', (x, y) => x === 22 && y > 5 && y < 95],
  ['a rule below', (x, y) => y === 72 && x > 5 && x < 95],
])('%s is no part of a character', (_, isElse) => {
  expect(findInk(cross(isElse), 100)?.box).toEqual(crossBox);
});

test('a stroke as high as the rest beside it belongs to the character, and so does a bar above it', () => {
  const withStroke = findInk(
    cross((x, y) => x >= 24 && x < 28 && y >= 35 && y < 65),
    100,
  );
  expect(withStroke?.box).toEqual({ ...crossBox, left: 24 });
  const withBar = findInk(
    cross((x, y) => y >= 25 && y < 30 && x >= 36 && x < 64),
    100,
  );
  expect(withBar?.box).toEqual({ ...crossBox, top: 25 });
});
