import type { Value } from '../graph/value.ts';
import type { LayerContext } from './layer-context.ts';

/** A network: a pure function from images to logits, with the configuration that made it. */
export interface Network {
  readonly name: string;
  /** JSON that `createNetwork` makes the same network from. */
  readonly config: Readonly<Record<string, unknown>>;
  /** images `[batch, 1, height, width]`, float32 in [0, 1] with ink 1 → logits `[batch, classes]`. */
  build(context: LayerContext, images: Value): Value;
}
