import { requireRank, shapeError, type Attributes, type Value } from './value.ts';
import { pair, requireWhole } from './window-geometry.ts';

/** A pooling window; the stride is the kernel when left out. Pairs are [vertical, horizontal]. */
export interface PoolOptions {
  readonly kernel: number | readonly [number, number];
  readonly stride?: number | readonly [number, number];
  /** Around the image: −∞ for the maximum; not counted in the average. */
  readonly padding?: number | readonly [number, number];
}

/** A pooling window in full; `padding` is [top, left, bottom, right]. */
export interface PoolGeometry {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
}

/** Fills in what `options` leaves out; throws SHAPE_MISMATCH for what cannot be pooled, naming `operator`. */
export function poolGeometry(operator: string, x: Value, options: PoolOptions): PoolGeometry {
  requireRank(operator, x, 4, '[batch, channels, height, width]');
  const kernel = pair(options.kernel, 1);
  const [vertical, horizontal] = pair(options.padding, 0);
  const stride = options.stride === undefined ? kernel : pair(options.stride, 1);
  requireWhole(operator, 1, { kernel, stride });
  requireWhole(operator, 0, { padding: [vertical, horizontal] });
  if (vertical >= kernel[0] || horizontal >= kernel[1])
    throw shapeError(operator, `padding ${vertical}, ${horizontal} must be smaller than kernel ${kernel.join('×')}`);
  return { kernel, stride, padding: [vertical, horizontal, vertical, horizontal], dilation: [1, 1] };
}

/** The attributes of ONNX's pooling operators. */
export function poolAttributes({ kernel, stride, padding }: PoolGeometry): {
  kernel_shape: readonly number[];
  strides: readonly number[];
  pads: readonly number[];
} {
  return { kernel_shape: kernel, strides: stride, pads: padding };
}

/** What the blocked operators want besides: they know no defaults. */
export function blockedPoolAttributes(geometry: PoolGeometry): Attributes {
  return { ...poolAttributes(geometry), dilations: [1, 1], ceil_mode: 0, auto_pad: 'NOTSET' };
}
