import { expect, test } from 'vitest';
import { padCentered } from './pad.ts';

test('centers, the odd rest to the right and below', () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(8, 9) };
  expect(padCentered(image, 5, 4, 1)).toEqual({
    width: 5,
    height: 4,
    // prettier-ignore
    data: Uint8Array.of(
      1, 1, 1, 1, 1,
      1, 8, 9, 1, 1,
      1, 1, 1, 1, 1,
      1, 1, 1, 1, 1,
    ),
  });
});

test('an image that does not fit is named', () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(8, 9) };
  expect(() => padCentered(image, 1, 4)).toThrow('2 × 1 does not fit into 1 × 4');
});
