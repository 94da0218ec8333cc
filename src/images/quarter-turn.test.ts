import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyAffine } from './affine.ts';
import { type QuarterTurns, turnBack, turnQuarters } from './quarter-turn.ts';

const image = { width: 3, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

test('an image is turned clockwise', () => {
  expect(turnQuarters(image, 1)).toEqual({ width: 2, height: 3, data: Uint8Array.of(4, 1, 5, 2, 6, 3) });
  expect(turnQuarters(image, 2)).toEqual({ width: 3, height: 2, data: Uint8Array.of(6, 5, 4, 3, 2, 1) });
  expect(turnQuarters(image, 3)).toEqual({ width: 2, height: 3, data: Uint8Array.of(3, 6, 2, 5, 1, 4) });
});

test('a pixel of the turned image is told where it was', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom<QuarterTurns>(1, 2, 3),
      (width, height, turns) => {
        const data = Uint8Array.from({ length: width * height }, (_, i) => i);
        const turned = turnQuarters({ width, height, data }, turns);
        for (let i = 0; i < data.length; i++) {
          const middle = [(i % turned.width) + 0.5, Math.floor(i / turned.width) + 0.5] as const;
          const [x, y] = applyAffine(turnBack({ width, height }, turns), middle);
          expect(data[Math.floor(y) * width + Math.floor(x)]).toBe(turned.data[i]);
        }
      },
    ),
  );
});
