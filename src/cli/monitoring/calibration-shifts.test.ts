import { expect, test } from 'vitest';
import type { GrayImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import { calibrationPictures } from './calibration-pictures.ts';
import { calibrationShifts } from './calibration-shifts.ts';

/** Dark strokes on light paper. */
const picture: GrayImage = {
  width: 60,
  height: 40,
  data: Uint8Array.from({ length: 60 * 40 }, (_, i) => (i % 60 > 20 && i % 7 < 2 && i > 600 ? 40 : 220)),
};
const meanOf = ({ data }: GrayImage) => data.reduce((sum, gray) => sum + gray, 0) / data.length;

test('pictures are turned over, narrowed, cropped, faded and changed otherwise, the same with the same seed', () => {
  const change = (kind: keyof typeof calibrationShifts, image = picture) =>
    calibrationShifts[kind](image, Random.of(3));
  for (const kind of ['upside-down', 'turned-round'] as const) {
    expect(change(kind, change(kind))).toEqual(picture);
    expect(change(kind)).not.toEqual(picture);
  }
  expect([change('narrow').height, change('cropped').width]).toEqual([40, 60]);
  expect(change('narrow').width).toBeLessThan(45);
  expect(change('cropped').height).toBeLessThan(36);
  expect(Math.min(...change('faded').data)).toBeGreaterThan(100);
  expect(meanOf(change('thick'))).toBeLessThan(meanOf(picture));
  expect(meanOf(change('thin'))).toBeGreaterThan(meanOf(picture));
  expect(Math.abs(meanOf(change('smeared')) - meanOf(picture))).toBeLessThan(5);
  expect(change('slanted').width).toBeGreaterThan(60);
  for (const kind of Object.keys(calibrationShifts) as (keyof typeof calibrationShifts)[]) {
    const { width, height, data } = change(kind);
    expect([kind, data.length]).toEqual([kind, width * height]);
    expect(change(kind)).toEqual(change(kind));
  }
});

test('each kind of change is made as often as the others', () => {
  const changed = [
    ...calibrationPictures(
      Array.from({ length: 14 }, () => ({ image: picture, text: 'a' })),
      { copies: 2, seed: 1 },
    ),
  ];
  const kinds = changed.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(14);
  expect(kinds.filter((kind) => kind === 'soft')).toHaveLength(2);
  expect(changed[0].text).toBe('a');
});
