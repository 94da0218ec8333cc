import { expect, test } from 'vitest';
import { stretchContrast } from './stretch-contrast.ts';

test('maps linearly and clips', () => {
  const image = { width: 5, height: 1, data: Uint8Array.of(0, 50, 90, 150, 200) };
  expect([...stretchContrast(image, 50, 150).data]).toEqual([0, 0, 102, 255, 255]);
});

test('an empty range becomes a step', () => {
  const image = { width: 3, height: 1, data: Uint8Array.of(9, 10, 11) };
  expect([...stretchContrast(image, 10, 10).data]).toEqual([0, 0, 255]);
});
