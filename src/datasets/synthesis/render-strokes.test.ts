import { expect, test } from 'vitest';
import type { GrayImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import type { Pen } from './pen.ts';
import { renderStrokes } from './render-strokes.ts';
import type { StrokeLine } from './stroke-line.ts';

const round: Pen = { width: 2, speed: 0, nib: 1, nibAngle: 0.8, pressure: 0, ink: 1, fading: 0, grain: 0 };

function path(...strokes: number[][]): StrokeLine {
  return {
    info: { id: 'line', text: 'x' },
    points: Float32Array.from(strokes.flat()),
    strokes: Uint32Array.from(strokes, (stroke) => stroke.length / 2),
  };
}

/** A box with a stroke along each side, 200 × 100 units. */
const box = path([0, 0, 0, 100], [0, 100, 200, 100], [200, 100, 200, 0], [200, 0, 0, 0]);

function render(line: StrokeLine, pen: Partial<Pen> = {}, options: object = {}) {
  return renderStrokes(line, { height: 26, pen: { ...round, ...pen }, ...options }, new Random(1));
}

const row = ({ width, data }: GrayImage, y: number) => [...data.subarray(y * width, (y + 1) * width)];
const column = ({ width, data }: GrayImage, x: number) => [...data].filter((_, at) => at % width === x);
const mass = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / 255;

test('fills the height but for the margin and keeps the aspect', () => {
  // 26 − 2·(2 + 1) = 20 pixels for 100 units: 40 for 200, and the border makes 46; strokes 2 wide on 2 … 3 and 22 … 23.
  const image = render(box);
  expect([image.width, image.height]).toEqual([46, 26]);
  expect(column(image, 23)).toEqual([0, 0, 255, 255, ...Array.from({ length: 18 }, () => 0), 255, 255, 0, 0]);
  expect(row(image, 13).slice(0, 6)).toEqual([0, 0, 255, 255, 0, 0]);
});

test('slants the top to the right', () => {
  // Uprights of 100 units lean by 50: the line grows from 200 to 250 units = 50 pixels and the border.
  const image = render(box, {}, { slant: 0.5 });
  expect(image.width).toBe(56);
  expect(row(image, 4).indexOf(255)).toBeGreaterThan(row(image, 21).indexOf(255) + 6);
});

test('a broad nib is thick across its edge and thin along it', () => {
  // An edge that is upright (π/2) makes strokes to the side thick and uprights thin: 0.25 of the width.
  const image = render(box, { width: 4, nib: 0.25, nibAngle: Math.PI / 2 });
  const middle = column(image, Math.floor(image.width / 2));
  expect(mass(middle.slice(0, 13))).toBeCloseTo(4, 1);
  expect(mass(row(image, 13).slice(0, 12))).toBeCloseTo(1, 1);
});

test('fast strokes are thinner, if the pen is such', () => {
  const points = (step: number) => Array.from({ length: 200 / step + 1 }, (_, i) => i * step);
  const slow = points(2).flatMap((x) => [x, 0]);
  const fast = points(20).flatMap((x) => [x, 100]);
  const image = render(path(slow, fast), { speed: 0.4, width: 3 });
  const middle = column(image, Math.floor(image.width / 2));
  expect(mass(middle.slice(0, 13))).toBeGreaterThan(1.3 * mass(middle.slice(13)));
});

test('fading and grain take ink, and differ by seed only', () => {
  const ink = (pen: Partial<Pen>) => mass([...render(box, pen).data]);
  expect(ink({ fading: 0.5 })).toBeLessThan(0.97 * ink({}));
  expect(ink({ grain: 0.5 })).toBeCloseTo(0.75 * ink({}), -1);
  const grainy = { ...round, grain: 0.3, pressure: 0.3 };
  const drawn = (seed: number) => renderStrokes(box, { height: 26, pen: grainy }, new Random(seed));
  expect(drawn(5)).toEqual(drawn(5));
  expect(drawn(5)).not.toEqual(drawn(6));
});

test('a dot or a dash is not blown up to the height', () => {
  const dash = render(path([0, 50, 100, 50]));
  const used = Array.from({ length: 26 }, (_, y) => Math.max(...row(dash, y)));
  expect(used.filter((shade) => shade > 0)).toHaveLength(2);
  expect(render(path([5, 5])).width).toBe(6);
});

test('refuses strokes that do not match their points', () => {
  const line = { ...box, strokes: Uint32Array.of(2, 2) };
  expect(() => render(line)).toThrow('line: its 2 strokes count 4 points, but there are 8.');
  expect(() => render(path())).toThrow(/0 strokes/);
});
