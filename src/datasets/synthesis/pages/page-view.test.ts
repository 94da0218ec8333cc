import { assert, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../../random/random.ts';
import { drawView, inverse, lookThrough, toPage, type Homography } from './page-view.ts';

const identity: Homography = [1, 0, 0, 0, 1, 0, 0, 0];

test('a view of a part of the page, with what is around it', () => {
  const data = Uint8Array.from({ length: 16 }, (_, i) => 10 * i);
  const view: Homography = [1, 0, 2, 0, 1, 1, 0, 0];
  const seen = lookThrough({ width: 4, height: 4, data }, view, 2, new Uint8Array(4).fill(7));
  // The last column and row of the page have no neighbour to be mixed with.
  expect([...seen]).toEqual([60, 7, 100, 7]);
});

test('the inverse leads back from any view', () => {
  const page = { width: 900, height: 1200 };
  const options = { size: 384, lineHeight: [20, 80], rotation: 6 } as const;
  assert(
    property(nat(), nat(383), nat(383), (seed, x, y) => {
      const view = drawView(page, 40, options, Random.of(seed));
      const [backX, backY] = toPage(inverse(view), toPage(view, [x, y]));
      expect(Math.hypot(backX - x, backY - y)).toBeLessThan(1e-6);
    }),
  );
});

test('without change a point stays', () => {
  expect(toPage(identity, [3, 4])).toEqual([3, 4]);
  expect(inverse(identity).map((value) => value + 0)).toEqual([...identity]);
});
