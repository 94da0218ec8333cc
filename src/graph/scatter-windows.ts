import { add } from './elementwise.ts';
import { pad } from './pad.ts';
import type { PoolGeometry } from './pool-geometry.ts';
import { dilate, type SliceRange } from './slice.ts';
import type { Shape, Value } from './value.ts';

/** Adds each part, one for each element of the kernel, to the pixels that the element sees. */
export function scatterWindows(inputShape: Shape, geometry: PoolGeometry, parts: readonly Value[]): Value {
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

/** The elements of the kernel, row by row, as [row, column]. */
export function kernelOffsets({ kernel }: PoolGeometry): [number, number][] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [Math.floor(i / kernel[1]), i % kernel[1]]);
}

/** The pixels of the padded image that one element of the kernel sees, one for each window. */
export function seenBy(offset: readonly [number, number], outputShape: Shape, { stride }: PoolGeometry): SliceRange[] {
  return [0, 1].map((axis) => ({
    axis: 2 + axis,
    start: offset[axis],
    end: offset[axis] + ((outputShape[2 + axis] as number) - 1) * stride[axis] + 1,
    step: stride[axis],
  }));
}

/** Puts x into zeros of `shape` at the given row and column. */
export function padTo(x: Value, shape: Shape, offset: readonly [number, number]): Value {
  return pad(
    x,
    [2, 3].map((axis) => ({
      axis,
      before: offset[axis - 2],
      after: (shape[axis] as number) - (x.shape[axis] as number) - offset[axis - 2],
    })),
  );
}
