import { expect, test } from 'vitest';
import { measureLine } from './measure-line.ts';
import { draw } from './testing/draw.ts';

const asLine = (degrees: number, from = 16, to = 48) => {
  const lean = Math.tan((degrees * Math.PI) / 180);
  // Soft edges, as scaling makes them; strokes 6 pixels wide every 24.
  const { data } = draw(480, 64, (x, y) => {
    if (y < from || y >= to) return 0;
    const place = (((x + lean * (y - 32)) % 24) + 24) % 24;
    return 255 * Math.max(0, Math.min(1, 3.5 - Math.abs(place - 12)));
  });
  return { data, width: 480, height: 64, stride: 480 };
};

test.each([-20, 0, 12, 30])('strokes that lean %d degrees to the right have that slant', (degrees) => {
  expect(Math.abs(measureLine(asLine(degrees)).slant - degrees)).toBeLessThan(2);
});

test('stroke and x-height are in pixels', () => {
  const { strokeWidth, xHeight } = measureLine(asLine(0));
  expect(strokeWidth).toBeGreaterThanOrEqual(6);
  expect(strokeWidth).toBeLessThanOrEqual(7);
  expect(xHeight).toBe(32);
});

test('padding is not measured, and a line without ink has nothing', () => {
  const line = asLine(0);
  const padded = new Uint8Array(64 * 600).fill(255);
  for (let y = 0; y < 64; y++) padded.set(line.data.subarray(y * 480, (y + 1) * 480), y * 600);
  expect(measureLine({ data: padded, width: 480, height: 64, stride: 600 }).strokeWidth).toBe(
    measureLine(line).strokeWidth,
  );
  const blank = { data: new Uint8Array(64 * 100), width: 100, height: 64, stride: 100 };
  expect(measureLine(blank)).toEqual({ strokeWidth: 0, xHeight: 0, slant: 0 });
});
