import { blockedDomain, blockedFormOf, fromBlocked, toBlocked } from './blocked-layout.ts';
import { outputSize, pair, requireWhole } from './window-geometry.ts';
import { add, divide, equal, multiply } from './elementwise.ts';
import { mean, sum } from './reduce.ts';
import { cast, dilate, pad, reshape, slice, type SliceRange } from './shape-operators.ts';
import type { Target } from './target.ts';
import {
  constant,
  int64s,
  operation,
  operations,
  requireRank,
  shapeError,
  type Attributes,
  type Shape,
  type Value,
} from './value.ts';

/** A pooling window; the stride is the kernel when left out. Pairs are [vertical, horizontal]. */
export interface PoolOptions {
  readonly kernel: number | readonly [number, number];
  readonly stride?: number | readonly [number, number];
  /** Around the image: −∞ for the maximum; not counted in the average. */
  readonly padding?: number | readonly [number, number];
}

interface PoolGeometry {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
}

/**
 * The maximum of every window: `[batch, channels, height, width]` → `[batch, channels, height', width']` (ONNX's MaxPool).
 * Its gradient goes to the maximum; where several elements of a window are equal, they share it, or one of them gets it.
 */
export function maxPool2d(x: Value, options: PoolOptions): Value {
  const geometry = poolGeometry('maxPool2d', x, options);
  const shape = [...x.shape.slice(0, 2), ...outputSize('maxPool2d', x, geometry)];
  const y: Value = operation(
    'MaxPool',
    [x],
    { type: x.type, shape },
    {
      attributes: poolAttributes(geometry),
      lower: ([lowered], target) => [lowerMaxPool(lowered, shape, geometry, target)],
      gradient: ([dy]) => [dy && maxPoolGradient(x, y, dy, geometry)],
    },
  );
  return y;
}

function lowerMaxPool(x: Value, shape: Shape, geometry: PoolGeometry, { channelBlock }: Target): Value {
  const blocked = channelBlock > 0 ? blockedFormOf(x) : undefined;
  if (!blocked) return operation('MaxPool', [x], { type: x.type, shape }, { attributes: poolAttributes(geometry) });
  const attributes = { ...blockedPoolAttributes(geometry), storage_order: 0 };
  return fromBlocked(operation('MaxPool', [blocked], { type: x.type, shape }, { domain: blockedDomain, attributes }));
}

function maxPoolGradient(x: Value, y: Value, dy: Value, geometry: PoolGeometry): Value {
  return operation(
    'MaxPoolGradient',
    [x, y, dy],
    { type: x.type, shape: x.shape },
    {
      lower: ([input, output, gradient], target) => {
        if (!tiles(geometry)) return [overlappingMaxGradient(input, output, gradient, geometry)];
        if (target.device === 'cpu')
          return [
            blockedMaxGradient(input, output, gradient, geometry) ?? indexedMaxGradient(input, gradient, geometry),
          ];
        return [tiledMaxGradient(input, output, gradient, geometry)];
      },
    },
  );
}

/** Windows side by side without padding. */
function tiles({ kernel, stride, padding }: PoolGeometry): boolean {
  return kernel[0] === stride[0] && kernel[1] === stride[1] && padding.every((amount) => amount === 0);
}

/**
 * In the blocked layout: compare with the enlarged maximum. Only where the windows cover the image exactly. Blank paper makes
 * many equal elements, so they must share: dy is divided by their count, which is their average times the window's size.
 */
function blockedMaxGradient(x: Value, y: Value, dy: Value, geometry: PoolGeometry): Value | undefined {
  const { kernel } = geometry;
  const [input, output] = [blockedFormOf(x), blockedFormOf(y)];
  if (!input || !output || !coversExactly(x, y, kernel)) return undefined;
  const attributes: Attributes = {
    scales: [1, 1, ...kernel],
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
  };
  const enlarge = (value: Value) =>
    operation('Upsample', [value], { type: value.type, shape: x.shape }, { domain: blockedDomain, attributes });
  // A product with 0 and 1 runs several times faster here than ONNX's Where.
  const hits = cast(equal(input, enlarge(output)), 'float32');
  const average = operation(
    'AveragePool',
    [hits],
    { type: y.type, shape: y.shape },
    { domain: blockedDomain, attributes: { ...blockedPoolAttributes(geometry), count_include_pad: 0 } },
  );
  const share = divide(toBlocked(dy), multiply(average, kernel[0] * kernel[1]));
  return fromBlocked(multiply(hits, enlarge(share)));
}

/** With the positions that ONNX Runtime's MaxPool gives; the CPU provider only. */
function indexedMaxGradient(x: Value, dy: Value, geometry: PoolGeometry): Value {
  const outputs = [dy, dy].map(({ shape }, i) => ({ type: i === 0 ? x.type : ('int64' as const), shape }));
  const [, indices] = operations('MaxPool', [x], outputs, { attributes: poolAttributes(geometry) });
  const { kernel_shape, strides } = poolAttributes(geometry);
  return operation(
    'MaxUnpool',
    [dy, indices, int64s(x.shape as number[])],
    { type: x.type, shape: x.shape },
    { attributes: { kernel_shape, strides } },
  );
}

/** By reshaping into windows; WebGPU's operators are enough. */
function tiledMaxGradient(x: Value, y: Value, dy: Value, { kernel: [kh, kw] }: PoolGeometry): Value {
  const [batch, channels, height, width] = y.shape as number[];
  const covered = slice(x, [
    { axis: 2, start: 0, end: height * kh },
    { axis: 3, start: 0, end: width * kw },
  ]);
  const windows = reshape(covered, [batch, channels, height, kh, width, kw]);
  const single = [batch, channels, height, 1, width, 1];
  const hits = cast(equal(windows, reshape(y, single)), 'float32');
  const share = divide(reshape(dy, single), sum(hits, [3, 5], true));
  const spread = reshape(multiply(hits, share), covered.shape);
  return padTo(spread, x.shape, [0, 0]);
}

/** One comparison for each element of the kernel; equal maxima share. */
function overlappingMaxGradient(x: Value, y: Value, dy: Value, geometry: PoolGeometry): Value {
  const { padding } = geometry;
  const padded = pad(
    x,
    [2, 3].map((axis) => ({ axis, before: padding[axis - 2], after: padding[axis] })),
    -Infinity,
  );
  const hits = kernelOffsets(geometry).map((offset) =>
    cast(equal(slice(padded, seenBy(offset, y.shape, geometry)), y), 'float32'),
  );
  const share = divide(dy, hits.reduce(add));
  return scatterWindows(
    x.shape,
    geometry,
    hits.map((hit) => multiply(hit, share)),
  );
}

/** The elements of the kernel, row by row, as [row, column]. */
function kernelOffsets({ kernel }: PoolGeometry): [number, number][] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [Math.floor(i / kernel[1]), i % kernel[1]]);
}

/** The pixels of the padded image that one element of the kernel sees, one for each window. */
function seenBy(offset: readonly [number, number], outputShape: Shape, { stride }: PoolGeometry): SliceRange[] {
  return [0, 1].map((axis) => ({
    axis: 2 + axis,
    start: offset[axis],
    end: offset[axis] + ((outputShape[2 + axis] as number) - 1) * stride[axis] + 1,
    step: stride[axis],
  }));
}

/** Adds each part, one for each element of the kernel, to the pixels that the element sees. */
function scatterWindows(inputShape: Shape, geometry: PoolGeometry, parts: readonly Value[]): Value {
  const { stride, padding } = geometry;
  const paddedShape = (inputShape as number[]).map((size, i) => (i < 2 ? size : size + padding[i - 2] + padding[i]));
  const offsets = kernelOffsets(geometry);
  const total = parts
    .map((part, i) => padTo(dilate(dilate(part, 2, stride[0]), 3, stride[1]), paddedShape, offsets[i]))
    .reduce(add);
  return pad(
    total,
    [2, 3].map((axis) => ({ axis, before: -padding[axis - 2], after: -padding[axis] })),
  );
}

/** Puts x into zeros of `shape` at the given row and column. */
function padTo(x: Value, shape: Shape, offset: readonly [number, number]): Value {
  return pad(
    x,
    [2, 3].map((axis) => ({
      axis,
      before: offset[axis - 2],
      after: (shape[axis] as number) - (x.shape[axis] as number) - offset[axis - 2],
    })),
  );
}

function coversExactly(x: Value, y: Value, kernel: readonly [number, number]): boolean {
  return [0, 1].every((axis) => (y.shape[2 + axis] as number) * kernel[axis] === x.shape[2 + axis]);
}

/** The average of every window; windows at the border average what is inside the image (ONNX's AveragePool). */
export function averagePool2d(x: Value, options: PoolOptions): Value {
  const geometry = poolGeometry('averagePool2d', x, options);
  const shape = [...x.shape.slice(0, 2), ...outputSize('averagePool2d', x, geometry)];
  return operation(
    'AveragePool',
    [x],
    { type: x.type, shape },
    {
      attributes: { ...poolAttributes(geometry), count_include_pad: 0 },
      gradient: ([dy]) => {
        if (!dy) return [undefined];
        const scaled = multiply(
          dy,
          constant(inverseCounts(x.shape as number[], shape as number[], geometry), [
            1,
            1,
            ...(shape.slice(2) as number[]),
          ]),
        );
        return [
          scatterWindows(
            x.shape,
            geometry,
            kernelOffsets(geometry).map(() => scaled),
          ),
        ];
      },
    },
  );
}

/** 1 / (pixels of the image in the window), for each window. */
function inverseCounts(
  inputShape: readonly number[],
  outputShape: readonly number[],
  { kernel, stride, padding }: PoolGeometry,
): Float32Array {
  const covered = (axis: number, index: number) => {
    const start = index * stride[axis] - padding[axis];
    return Math.min(start + kernel[axis], inputShape[2 + axis]) - Math.max(start, 0);
  };
  const [height, width] = outputShape.slice(2);
  return Float32Array.from(
    { length: height * width },
    (_, i) => 1 / (covered(0, Math.floor(i / width)) * covered(1, i % width)),
  );
}

/** The mean over height and width: `[batch, channels, height, width]` → `[batch, channels]`. */
export function globalAveragePool(x: Value): Value {
  requireRank('globalAveragePool', x, 4, '[batch, channels, height, width]');
  return mean(x, [2, 3]);
}

function poolAttributes({ kernel, stride, padding }: PoolGeometry): {
  kernel_shape: readonly number[];
  strides: readonly number[];
  pads: readonly number[];
} {
  return { kernel_shape: kernel, strides: stride, pads: padding };
}

/** What the blocked operators want besides: they know no defaults. */
function blockedPoolAttributes(geometry: PoolGeometry): Attributes {
  return { ...poolAttributes(geometry), dilations: [1, 1], ceil_mode: 0, auto_pad: 'NOTSET' };
}

function poolGeometry(operator: string, x: Value, options: PoolOptions): PoolGeometry {
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
