import { Random } from '../../random/random.ts';
import { type CalibrationShift, calibrationShifts } from './calibration-shifts.ts';
import type { Picture } from './measure-traffic.ts';

const kinds = Object.keys(calibrationShifts) as readonly CalibrationShift[];

/** `copies` changed ones of each picture, each kind of change as often as the others; `first` says where in the kinds to begin. */
export function* calibrationPictures(
  pictures: Iterable<Picture>,
  { copies, seed, first = 0 }: { readonly copies: number; readonly seed: number; readonly first?: number },
): Generator<Picture> {
  let next = first;
  for (const { image, ...rest } of pictures) {
    for (let copy = 0; copy < copies; copy++) {
      const kind = kinds[next % kinds.length];
      yield { ...rest, kind, image: calibrationShifts[kind](image, Random.of(seed, next++)) };
    }
  }
}
