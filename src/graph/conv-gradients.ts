import { blockedConv } from './blocked-layout.ts';
import { plainConv, type ConvGeometry } from './window-geometry.ts';
import { matmulTransposed } from './dense.ts';
import { sum } from './reduce.ts';
import { concat, pad, reshape, reverse, slice, transpose, type SliceRange } from './shape-operators.ts';
import { operation, type Shape, type Value } from './value.ts';
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
  return reshape(transpose(sum(concat(products, 0), [0]), [0, 2, 1]), weightShape);
}

/** im2col: x `[batch, channels, h, w]` → `[images, groups, channels / groups · kh · kw, height · width]`, one slice per kernel element. */
function patches(
  x: Value,
  [height, width]: readonly [number, number],
  { kernel, stride, padding, dilation, groups }: ConvGeometry,
  images: SliceRange,
): Value {
  const channels = x.shape[1] as number;
  const isPadded = padding.some((amount) => amount > 0);
  const sides = [0, 1].map((axis) => ({ axis: 2 + axis, before: padding[axis], after: padding[axis + 2] }));
  const source = isPadded ? pad(slice(x, [images]), sides) : x;
  const batch = isPadded ? [] : [images];
  const shifted: Value[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const window = slice(source, [
        ...batch,
        { axis: 2, start: i * dilation[0], end: i * dilation[0] + (height - 1) * stride[0] + 1, step: stride[0] },
        { axis: 3, start: j * dilation[1], end: j * dilation[1] + (width - 1) * stride[1] + 1, step: stride[1] },
      ]);
      shifted.push(reshape(window, [window.shape[0], channels, 1, height * width]));
    }
  }
  const columns = concat(shifted, 2);
  return reshape(columns, [columns.shape[0], groups, (channels / groups) * kernel[0] * kernel[1], height * width]);
}
