import { multiply } from '../graph/elementwise.ts';
import { cast } from '../graph/cast.ts';
import { reshape } from '../graph/reshape.ts';
import { input, type Dimension, type Value } from '../graph/value.ts';

/** The name of the graph input that takes images. */
export const imageInputName = 'images';

export interface ImageInput {
  /** `[batch, height, width]`, uint8 with ink 255. */
  readonly bytes: Value;
  /** `[batch, 1, height, width]`, float32 in [0, 1]. */
  readonly images: Value;
}

/** The images as they come, and as networks take them. The scaling is part of the graph, so training and serving share it. */
export function imageInput(batch: Dimension, height: Dimension, width: Dimension): ImageInput {
  const bytes = input(imageInputName, 'uint8', [batch, height, width]);
  return { bytes, images: reshape(multiply(cast(bytes, 'float32'), 1 / 255), [batch, 1, height, width]) };
}
