import { expect, test } from 'vitest';
import { connectedComponents, unionBox } from './connected-components.ts';

// prettier-ignore
const mask = Uint8Array.of(
  1, 0, 0, 1, 1, 0,
  0, 1, 0, 0, 0, 0,
  0, 0, 0, 0, 1, 0,
  1, 1, 0, 1, 0, 0,
);

test('labels agree with scipy.ndimage.label(mask, ones((3, 3)))', () => {
  const { labels } = connectedComponents(mask, 6, 4);
  // prettier-ignore
  expect([...labels]).toEqual([
    1, 0, 0, 2, 2, 0,
    0, 1, 0, 0, 0, 0,
    0, 0, 0, 0, 3, 0,
    4, 4, 0, 3, 0, 0,
  ]);
});

test('boxes and areas', () => {
  const { components } = connectedComponents(mask, 6, 4);
  expect(components).toEqual([
    { area: 2, box: { left: 0, top: 0, right: 2, bottom: 2 } },
    { area: 2, box: { left: 3, top: 0, right: 5, bottom: 1 } },
    { area: 2, box: { left: 3, top: 2, right: 5, bottom: 4 } },
    { area: 2, box: { left: 0, top: 3, right: 2, bottom: 4 } },
  ]);
  expect(unionBox(components.map(({ box }) => box))).toEqual({ left: 0, top: 0, right: 5, bottom: 4 });
});

test('nothing has no components and no box', () => {
  expect(connectedComponents(new Uint8Array(6), 3, 2).components).toEqual([]);
  expect(unionBox([])).toBeUndefined();
});

test('a large full mask is one component', () => {
  const { components } = connectedComponents(new Uint8Array(400 * 300).fill(1), 400, 300);
  expect(components).toEqual([{ area: 120000, box: { left: 0, top: 0, right: 400, bottom: 300 } }]);
});
