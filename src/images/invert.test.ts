import { expect, test } from 'vitest';
import { invert } from './invert.ts';

test('swaps black and white', () => {
  const image = { width: 3, height: 1, data: Uint8Array.of(0, 100, 255) };
  expect(invert(image)).toEqual({ width: 3, height: 1, data: Uint8Array.of(255, 155, 0) });
});
