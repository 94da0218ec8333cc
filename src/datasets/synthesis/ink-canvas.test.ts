import { expect, test } from 'vitest';
import { InkCanvas } from './ink-canvas.ts';
import { raiseInk } from './raise-ink.ts';
import { soften } from './soften.ts';

const rows = ({ width, height, data }: InkCanvas) =>
  Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)]);

test('a stroke of radius 1 covers its pixels, half of those beside them and round ends', () => {
  const canvas = new InkCanvas(7, 5);
  canvas.stroke({ x: 2, y: 2, radius: 1, ink: 1 }, { x: 4, y: 2, radius: 1, ink: 1 });
  // At distance d from the middle line the cover is 1.5 − d: 0.5 at 1, 0.086 at √2, nothing at 2.
  expect(rows(canvas)).toEqual([
    [0, 0, 0, 0, 0, 0, 0],
    [0, 21, 127, 127, 127, 21, 0],
    [0, 127, 255, 255, 255, 127, 0],
    [0, 21, 127, 127, 127, 21, 0],
    [0, 0, 0, 0, 0, 0, 0],
  ]);
});

test('ink and radius change along the way; hairlines are pale', () => {
  const canvas = new InkCanvas(5, 1);
  canvas.stroke({ x: 0, y: 0, radius: 0.5, ink: 0 }, { x: 4, y: 0, radius: 0.5, ink: 1 });
  expect(rows(canvas)).toEqual([[0, 63, 127, 191, 255]]);
  const hairline = new InkCanvas(3, 1);
  hairline.stroke({ x: -9, y: 0, radius: 0.2, ink: 1 }, { x: 9, y: 0, radius: 0.2, ink: 1 });
  expect(rows(hairline)).toEqual([[102, 102, 102]]);
});

test('where strokes cross the darker ink stays', () => {
  const canvas = new InkCanvas(3, 3);
  const across = (ink: number, y: number) =>
    canvas.stroke({ x: -3, y, radius: 0.5, ink }, { x: 9, y, radius: 0.5, ink });
  across(0.8, 1);
  across(0.4, 1);
  expect(rows(canvas)[1]).toEqual([204, 204, 204]);
});

test('softening spreads a dot by a fixed share, first along rows, then columns', () => {
  const canvas = new InkCanvas(5, 3);
  canvas.data[7] = 200;
  soften(canvas, 0.1);
  expect(rows(canvas)).toEqual([
    [0, 2, 16, 2, 0],
    [0, 16, 128, 16, 0],
    [0, 2, 16, 2, 0],
  ]);
});

test('raising brings the median ink to the level, and never down', () => {
  const image = { width: 5, height: 1, data: Uint8Array.of(0, 50, 130, 150, 160) };
  raiseInk(image, 200);
  expect([...image.data]).toEqual([0, 67, 173, 200, 213]);
  raiseInk(image, 100);
  expect([...image.data]).toEqual([0, 67, 173, 200, 213]);
});
