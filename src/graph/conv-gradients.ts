import { blockedConv } from './blocked-layout.ts';
import { plainConv, type ConvGeometry } from './window-geometry.ts';
import { matmulTransposed } from './dense.ts';
import { sum } from './reduce.ts';
import { concat } from './concat.ts';
import { gather, reverse } from './gather.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { slice, type SliceRange } from './slice.ts';
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
  const perImage = 4 * channels * geometry.kernel[0] * geometry.kernel[1] * height * width;
  const chunk = device === 'cpu' ? Math.max(1, Math.floor(patchBytes / perImage)) : batch;
  const products: Value[] = [];
  for (let start = 0; start < batch; start += chunk) {
    const images = { axis: 0, start, end: Math.min(start + chunk, batch) };
    const columns = patches(x, [height, width], geometry, images);
    const rows = slice(dy, [images]);
    products.push(
      matmulTransposed(
        columns,
        reshape(rows, [rows.shape[0], geometry.groups, outputs / geometry.groups, height * width]),
      ),
    );
  }
  const [, inputs, rows, cols] = weightShape as number[];
  const { groups } = geometry;
  const product = reshape(sum(concat(products, 0), [0]), [groups, inputs, cols, rows, outputs / groups]);
  return reshape(transpose(product, [0, 4, 1, 3, 2]), weightShape);
}

/**
 * im2col: x `[batch, channels, h, w]` → `[images, groups, channels / groups · kw · kh, height · width]`. One slice for each column of
 * the kernel; its rows are gathered, because ONNX Runtime slices on one thread but gathers on all.
 */
function patches(
  x: Value,
  [height, width]: readonly [number, number],
  { kernel: [kh, kw], stride, padding, dilation, groups }: ConvGeometry,
  images: SliceRange,
): Value {
  const channels = x.shape[1] as number;
  const sides = [0, 1].map((axis) => ({ axis: 2 + axis, before: padding[axis], after: padding[axis + 2] }));
  const isPadded = padding.some((amount) => amount > 0);
  const padded = isPadded ? pad(slice(x, [images]), sides) : x;
  const source = reshape(padded, [padded.shape[0], channels, 1, ...padded.shape.slice(2)]);
  const columns = Array.from({ length: kw }, (_, j) => {
    const start = j * dilation[1];
    const window = { axis: 4, start, end: start + (width - 1) * stride[1] + 1, step: stride[1] };
    return slice(source, isPadded ? [window] : [images, window]);
  });
  const all = gatherRows(concat(columns, 2), height, { kh, stride: stride[0], dilation: dilation[0] });
  return reshape(all, [all.shape[0], groups, (channels / groups) * kw * kh, height * width]);
}

/** The rows that each row of the kernel sees: `[images, channels, kw, h, width]` → `[images, channels, kw, kh, height, width]`. */
function gatherRows(
  x: Value,
  height: number,
  { kh, stride, dilation }: Readonly<Record<'kh' | 'stride' | 'dilation', number>>,
): Value {
  if (kh === 1 && height === x.shape[3]) return x;
  const rows = Array.from({ length: kh * height }, (_, i) => Math.floor(i / height) * dilation + (i % height) * stride);
  return gather(x, reshape(int64s(rows), [kh, height]), 3);
}
