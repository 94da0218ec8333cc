import { blockedConv, blockedTurnedConv } from './blocked-layout.ts';
import { plainConv, type ConvGeometry } from './window-geometry.ts';
import { matmulTransposed } from './dense.ts';
import { sum } from './reduce.ts';
import { concat } from './concat.ts';
import { gather, reverse } from './gather.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { transpose } from './transpose.ts';
import { int64s, operation, type Shape, type Value } from './value.ts';
import type { Target } from './target.ts';

/**
 * The gradient for a convolution's input. With stride 1 it is itself a convolution of dy with the kernel turned around
 * (Dumoulin and Visin, A guide to convolution arithmetic, 2016), else ONNX's ConvTranspose.
 */
export function convInputGradient(dy: Value, weight: Value, inputShape: Shape, geometry: ConvGeometry): Value {
  return operation(
    'ConvInputGradient',
    [dy, weight],
    { type: 'float32', shape: inputShape },
    {
      lower: ([gradient, kernel], target) => [
        geometry.stride.every((step) => step === 1)
          ? turnedConv(gradient, kernel, inputShape, geometry, target)
          : transposedConv(gradient, kernel, inputShape, geometry),
      ],
    },
  );
}

function turnedConv(dy: Value, weight: Value, inputShape: Shape, geometry: ConvGeometry, target: Target): Value {
  const { kernel, padding, dilation, groups } = geometry;
  const reach = [0, 1].map((axis) => dilation[axis] * (kernel[axis] - 1));
  const turned: ConvGeometry = {
    ...geometry,
    padding: [reach[0] - padding[0], reach[1] - padding[1], reach[0] - padding[2], reach[1] - padding[3]],
  };
  if (turned.padding.some((amount) => amount < 0)) return transposedConv(dy, weight, inputShape, geometry);
  const inBlocks = blockedTurnedConv([dy, weight], inputShape, turned, target);
  if (inBlocks) return inBlocks;
  const flipped = swapGroupedChannels(reverse(reverse(weight, 2), 3), groups);
  return blockedConv([dy, flipped], inputShape, turned, target) ?? plainConv([dy, flipped], inputShape, turned);
}

/** `[outputs, inputs / groups, …]` → `[inputs, outputs / groups, …]`. */
function swapGroupedChannels(weight: Value, groups: number): Value {
  const [outputs, inputs, kh, kw] = weight.shape as number[];
  if (groups === 1) return transpose(weight, [1, 0, 2, 3]);
  if (inputs === 1 && outputs === groups) return weight;
  const split = reshape(weight, [groups, outputs / groups, inputs, kh, kw]);
  return reshape(transpose(split, [0, 2, 1, 3, 4]), [groups * inputs, outputs / groups, kh, kw]);
}

function transposedConv(
  dy: Value,
  weight: Value,
  inputShape: Shape,
  { kernel, stride, padding, dilation, groups }: ConvGeometry,
): Value {
  const missing = [0, 1].map((axis) => {
    const covered = ((dy.shape[2 + axis] as number) - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1;
    return (inputShape[2 + axis] as number) + padding[axis] + padding[axis + 2] - covered;
  });
  const covering = (inputShape as number[]).map((size, i) =>
    i < 2 ? size : size + padding[i - 2] + padding[i] - missing[i - 2],
  );
  const full = operation(
    'ConvTranspose',
    [dy, weight],
    { type: 'float32', shape: covering },
    {
      attributes: { kernel_shape: kernel, strides: stride, dilations: dilation, group: groups },
    },
  );
  return pad(
    full,
    [0, 1].map((axis) => ({ axis: 2 + axis, before: -padding[axis], after: missing[axis] - padding[axis + 2] })),
  );
}

/** The gradient for a convolution's weight: the patches that each kernel element saw, times dy. */
export function convWeightGradient(x: Value, dy: Value, weightShape: Shape, geometry: ConvGeometry): Value {
  return operation(
    'ConvWeightGradient',
    [x, dy],
    { type: 'float32', shape: weightShape },
    {
      lower: ([input, gradient], target) => [patchProduct(input, gradient, weightShape, geometry, target)],
    },
  );
}

/** What the patches of a few images may take, so that they are still in the processor's cache when they are multiplied. */
const patchBytes = 4 << 20;

function patchProduct(x: Value, dy: Value, weightShape: Shape, geometry: ConvGeometry, { device }: Target): Value {
  const [batch, channels] = x.shape as number[];
  const [, outputs, height, width] = dy.shape as number[];
  const { groups, kernel } = geometry;
  const perImage = 4 * channels * kernel[0] * kernel[1] * height * width;
  const chunk = device === 'cpu' ? Math.max(1, Math.floor(patchBytes / perImage)) : batch;
  // One product for several images spares the sum of their gradients, and costs a transposition of what they are made from.
  const together = groups === 1 && sizeOf(weightShape) > sizeOf(x.shape.slice(1)) + sizeOf(dy.shape.slice(1));
  const products: Value[] = [];
  for (let start = 0; start < batch; start += chunk) {
    const images = { axis: 0, start, end: Math.min(start + chunk, batch) };
    const [seen, slopes] = [x, dy].map((value) => withImageAxis(slice(value, [images]), together));
    const columns = patches(seen, [height, width], geometry);
    const slopesOfGroups = [slopes.shape[0], groups, outputs / groups, -1];
    products.push(matmulTransposed(columns, reshape(slopes, slopesOfGroups)));
  }
  const [, inputs, rows, cols] = weightShape as number[];
  const all = concat(products, 0);
  const total = all.shape[0] === 1 ? all : sum(all, [0]);
  return outputsFirst(total, [groups, inputs, cols, rows, outputs / groups], weightShape);
}

/** `[images, channels, h, w]` → `[1, channels, images, h, w]` for one product of all images, or `[images, channels, 1, h, w]` for one each. */
function withImageAxis(x: Value, together: boolean): Value {
  const [images, channels, height, width] = x.shape;
  if (!together || images === 1) return reshape(x, [images, channels, 1, height, width]);
  return reshape(transpose(x, [1, 0, 2, 3]), [1, channels, images, height, width]);
}

const sizeOf = (shape: Shape): number => (shape as readonly number[]).reduce((product, size) => product * size, 1);

/** `[groups, inputs, columns, rows, outputs]` → `[groups · outputs, inputs, rows, columns]`, each time by moving one axis: that is fast. */
function outputsFirst(
  product: Value,
  [groups, inputs, cols, rows, outputs]: readonly number[],
  weightShape: Shape,
): Value {
  const rowsFirst =
    Math.min(rows, cols) === 1
      ? product
      : transpose(reshape(product, [groups * inputs, cols, rows, outputs]), [0, 2, 1, 3]);
  const moved = transpose(reshape(rowsFirst, [groups, inputs * rows * cols, outputs]), [0, 2, 1]);
  return reshape(moved, weightShape);
}

/**
 * im2col: x `[batch, channels, images, h, w]` → `[batch, groups, channels / groups · kw · kh, images · height · width]`. One slice for each
 * column of the kernel; its rows are gathered, because ONNX Runtime slices on one thread but gathers on all.
 */
function patches(
  x: Value,
  [height, width]: readonly [number, number],
  { kernel: [kh, kw], stride, padding, dilation, groups }: ConvGeometry,
): Value {
  const sides = [0, 1].map((axis) => ({ axis: 3 + axis, before: padding[axis], after: padding[axis + 2] }));
  const padded = padding.some((amount) => amount > 0) ? pad(x, sides) : x;
  const [batch, channels, images, rows, all] = padded.shape as number[];
  const source = reshape(padded, [batch, channels, 1, images * rows, all]);
  const columns = Array.from({ length: kw }, (_, j) => {
    const start = j * dilation[1];
    return slice(source, [{ axis: 4, start, end: start + (width - 1) * stride[1] + 1, step: stride[1] }]);
  });
  const joined = concat(columns, 2);
  const isWhole = kh === 1 && height === rows;
  const indices = rowsSeen([images, rows], height, { kh, stride: stride[0], dilation: dilation[0] });
  const gathered = isWhole ? joined : gather(joined, reshape(int64s(indices), [kh, images * height]), 3);
  return reshape(gathered, [batch, groups, (channels / groups) * kw * kh, images * height * width]);
}

/** The rows that each row of the kernel sees, `[kh, images, height]`, of images of so many rows under one another. */
function rowsSeen(
  [images, rows]: readonly [number, number],
  height: number,
  { kh, stride, dilation }: Readonly<Record<'kh' | 'stride' | 'dilation', number>>,
): number[] {
  return Array.from({ length: kh }, (_, i) =>
    Array.from({ length: images }, (_, image) =>
      Array.from({ length: height }, (_, row) => image * rows + i * dilation + row * stride),
    ),
  ).flat(2);
}
