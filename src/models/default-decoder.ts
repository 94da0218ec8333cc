import type { LineCalibration } from './line-calibration.ts';
import type { LineDecoder } from '../text/decode-line.ts';

/** What a line model decodes with unless another decoder is asked for: `lm` where it was fitted to a language model, else `greedy`. */
export function defaultDecoder({ fusion }: Pick<LineCalibration, 'fusion'>): LineDecoder {
  return fusion === undefined ? 'greedy' : 'lm';
}
