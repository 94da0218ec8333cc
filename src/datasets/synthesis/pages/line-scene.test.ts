import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { draw } from '../../../images/testing/draw.ts';
import { Random } from '../../../random/random.ts';
import { composeScene, type LineScene, sceneKinds } from './line-scene.ts';

/** A line of upright strokes, white on black, and one without ink for its neighbours. */
const line = draw(200, 64, (x, y) => (x % 10 < 3 && y > 12 && y < 52 ? 255 : 0));
const blank = draw(200, 64, () => 0);
const compose = (kind: (typeof sceneKinds)[number], seed: number) =>
  composeScene(kind, { line, above: blank, below: blank }, Random.of(seed));

/** The mean light of every pixel in the middle rows of the polygon. */
function lightInLine({ image, polygon }: LineScene): { ink: number; paper: number } {
  const [[left, top], , [right, bottom]] = polygon;
  const y = Math.round((top + bottom) / 2);
  const row = Array.from(image.data.subarray(y * image.width + Math.round(left), y * image.width + Math.round(right)));
  row.sort((a, b) => a - b);
  return { ink: row[Math.floor(0.15 * row.length)], paper: row[Math.floor(0.6 * row.length)] };
}

test.each(sceneKinds)(
  '%s: the line is in its polygon, dark on lighter paper, and the same seed gives the same bytes',
  (kind) => {
    fc.assert(
      fc.property(fc.nat(1_000), (seed) => {
        const scene = compose(kind, seed);
        const { width, height } = scene.image;
        for (const [x, y] of scene.polygon) {
          expect(x >= 0 && x <= width).toBe(true);
          expect(y >= 0 && y <= height).toBe(true);
        }
        const { ink, paper } = lightInLine(scene);
        expect(ink).toBeLessThan(0.9 * paper);
        expect(compose(kind, seed)).toEqual(scene);
      }),
      { numRuns: 3, seed: 7 },
    );
  },
);

test('a sheet on a desk has the desk all around, a cropped edge on one side only', () => {
  const onDesk = compose('desk', 3);
  const [[left, top], , [right, bottom]] = onDesk.polygon;
  // Margins of the sheet, 0.3 and more of the line's height, and of the desk, 0.1 and more.
  const height = bottom - top;
  expect(Math.min(left, top, onDesk.image.width - right, onDesk.image.height - bottom)).toBeGreaterThan(0.39 * height);
});
