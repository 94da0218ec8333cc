import { expect, test } from 'vitest';
import { tiltLine } from './tilt-line.ts';

const still = { brightness: 1, scale: 1, rotation: 0, shear: 0 };

function dot(size: number, x: number, y: number) {
  const data = new Uint8Array(size * size);
  data[y * size + x] = 200;
  return { width: size, height: size, data };
}

/** [x, y, value] of all pixels with ink. */
function ink({ width, data }: { width: number; data: Uint8Array }) {
  return [...data].flatMap((value, at) => (value > 0 ? [[at % width, Math.floor(at / width), value]] : []));
}

test('changes nothing when nothing is to change', () => {
  expect(ink(tiltLine(dot(5, 4, 1), still, 5))).toEqual([[4, 1, 200]]);
});

test('dims, scales, turns anticlockwise and leans to the right', () => {
  expect(ink(tiltLine(dot(5, 4, 1), { ...still, brightness: 0.5 }, 5))).toEqual([[4, 1, 100]]);
  expect(ink(tiltLine(dot(5, 4, 2), { ...still, rotation: 90 }, 5))).toEqual([[2, 0, 200]]);
  // A shear of 45° moves the top row, 2 above the centre, by 2; the image grows by its height: 5 + 5 wide, centre at 4.5.
  expect(ink(tiltLine(dot(5, 2, 0), { ...still, shear: 45 }, 5))).toEqual([[6, 0, 100], [7, 0, 100]]); // prettier-ignore
  const doubled = tiltLine({ width: 4, height: 1, data: new Uint8Array(4).fill(80) }, { ...still, scale: 2 }, 2);
  expect(doubled.width).toBe(8);
  expect(ink(doubled)).toHaveLength(16);
});
