import { blockedDomain, blockedFormOf, fromBlocked, toBlocked } from './blocked-layout.ts';
import { cast } from './cast.ts';
import { add, divide, equal, multiply } from './elementwise.ts';
import { pad } from './pad.ts';
import {
  poolGeometry,
  poolAttributes,
  blockedPoolAttributes,
  type PoolOptions,
  type PoolGeometry,
} from './pool-geometry.ts';
import { sum } from './reduce.ts';
import { reshape } from './reshape.ts';
import { scatterWindows, kernelOffsets, seenBy, padTo } from './scatter-windows.ts';
import { slice } from './slice.ts';
import type { Target } from './target.ts';
import { int64s, operation, operations, type Attributes, type Shape, type Value } from './value.ts';
import { outputSize } from './window-geometry.ts';

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

function coversExactly(x: Value, y: Value, kernel: readonly [number, number]): boolean {
  return [0, 1].every((axis) => (y.shape[2 + axis] as number) * kernel[axis] === x.shape[2 + axis]);
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
