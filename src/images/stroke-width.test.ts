import { expect, test } from 'vitest';
import { strokeWidth } from './stroke-width.ts';
import { draw } from './testing/draw.ts';

test.each([3, 6, 12])('a bar of %i pixels', (width) => {
  const bar = draw(300, 40, (x, y) => (x > 10 && x < 290 && y >= 10 && y < 10 + width ? 255 : 0));
  expect(Math.abs(strokeWidth(bar, 127) - width)).toBeLessThan(0.5);
});

test('no stroke has no width', () => {
  expect(
    strokeWidth(
      draw(5, 5, () => 100),
      127,
    ),
  ).toBe(0);
});
