import { expect, test } from 'vitest';
import { forEachSpan } from '../images/fill-polygon.ts';
import type { Quadrilateral } from '../images/homography.ts';
import { findSheet } from './find-sheet.ts';
import { rectifySheet } from './rectify-sheet.ts';
import { applyHomography } from '../images/homography.ts';

/** A sheet on a dark desk, with a stroke of ink in its middle. */
function photograph(corners: Quadrilateral, paper = 220, desk = 60) {
  const [width, height] = [640, 480];
  const data = new Uint8Array(width * height).fill(desk);
  forEachSpan(corners, { left: 0, top: 0, right: width, bottom: height }, (y, from, to) =>
    data.fill(paper, y * width + from, y * width + to),
  );
  for (let y = 200; y < 210; y++) data.fill(30, y * width + 250, y * width + 380);
  return { width, height, data };
}

const tilted: Quadrilateral = [
  [180, 60],
  [470, 70],
  [560, 420],
  [90, 400],
];

test('finds the corners of a sheet that is seen at an angle, and leads back from it', () => {
  const picture = photograph(tilted);
  const found = findSheet(picture)!;
  for (const [i, [x, y]] of found.entries()) {
    expect(Math.hypot(x - tilted[i][0], y - tilted[i][1])).toBeLessThan(4);
  }
  const { image, perspective } = rectifySheet(picture, { width: 1280, height: 960 })!;
  const [x, y] = applyHomography(perspective, [image.width, image.height]);
  expect(Math.hypot(x - 2 * 560, y - 2 * 420)).toBeLessThan(8);
  // No desk is left but at the very rim.
  const inner = Array.from({ length: image.height - 20 }, (_, row) => image.data[(row + 10) * image.width + 10]);
  expect(Math.min(...inner)).toBeGreaterThan(200);
});

test.each<[string, Quadrilateral, number?, number?]>([
  [
    'from straight above',
    [
      [100, 60],
      [540, 60],
      [540, 420],
      [100, 420],
    ],
  ],
  [
    'that the rim cuts',
    [
      [180, 60],
      [470, 70],
      [700, 500],
      [-40, 500],
    ],
  ],
  ['on a ground that is hardly darker', tilted, 200, 175],
  ['that is darker than its ground', tilted, 60, 220],
])('no sheet %s', (_, corners, paper, desk) => {
  expect(findSheet(photograph(corners, paper, desk))).toBeUndefined();
});

test('no sheet where the light region has other than four straight edges', () => {
  const round = photograph(tilted);
  round.data.fill(60);
  for (let y = 0; y < 480; y++) {
    for (let x = 0; x < 640; x++)
      if (((x - 320) / 260) ** 2 + ((y - 240) / 200) ** 2 < 1) round.data[y * 640 + x] = 220;
  }
  expect(findSheet(round)).toBeUndefined();
});
