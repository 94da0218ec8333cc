import { convInputGradient, convWeightGradient } from './conv-gradients.ts';
import { blockedConv } from './blocked-layout.ts';
import { convAttributes, outputSize, pair, plainConv, requireWhole, type ConvGeometry } from './window-geometry.ts';
import { formatShape, operation, requireRank, shapeError, type Dimension, type Value } from './value.ts';
import { sum } from './reduce.ts';

/** How a window moves over an image; pairs are [vertical, horizontal]. */
export interface ConvOptions {
  readonly stride?: number | readonly [number, number];
  /** Zeros around: one number, [vertical, horizontal], [top, left, bottom, right], or `'same'` for outputs of ⌈size / stride⌉. */
  readonly padding?: number | readonly [number, number] | readonly [number, number, number, number] | 'same';
  readonly dilation?: number | readonly [number, number];
  /** Channels are split into so many groups; as many groups as channels is a depthwise convolution. */
  readonly groups?: number;
}

/**
 * 2-D cross-correlation: x `[batch, channels, height, width]`, weight `[outputs, channels / groups, kh, kw]`,
 * bias `[outputs]` → `[batch, outputs, height', width']` (ONNX's Conv).
 */
export function conv2d(x: Value, weight: Value, bias?: Value, options: ConvOptions = {}): Value {
  requireRank('conv2d', x, 4, '[batch, channels, height, width]');
  requireRank('conv2d', weight, 4, '[outputs, channels / groups, kernel height, kernel width]');
  const geometry = convGeometry(x, weight, options);
  requireFittingChannels(x, weight, bias, geometry.groups);
  const [height, width] = outputSize('conv2d', x, geometry);
  const shape = [x.shape[0], weight.shape[0], height, width];
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return operation(
    'Conv',
    inputs,
    { type: 'float32', shape },
    {
      attributes: convAttributes(geometry),
      lower: (lowered, target) => [
        blockedConv(lowered, shape, geometry, target) ?? plainConv(lowered, shape, geometry),
      ],
      gradient: ([dy]) =>
        dy
          ? [
              convInputGradient(dy, weight, x.shape, geometry),
              convWeightGradient(x, dy, weight.shape, geometry),
              bias && sum(dy, [0, 2, 3]),
            ]
          : [],
    },
  );
}

function convGeometry(x: Value, weight: Value, options: ConvOptions): ConvGeometry {
  const [, , kh, kw] = weight.shape;
  if (typeof kh !== 'number' || typeof kw !== 'number')
    throw shapeError('conv2d', `the kernel of ${formatShape(weight.shape)} must have a fixed size`);
  const stride = pair(options.stride, 1);
  const dilation = pair(options.dilation, 1);
  const { groups = 1 } = options;
  requireWhole('conv2d', 1, { kernel: [kh, kw], stride, dilation, groups: [groups] });
  const padding = explicitPadding(x, [kh, kw], stride, dilation, options.padding ?? 0);
  requireWhole('conv2d', 0, { padding });
  return { kernel: [kh, kw], stride, padding, dilation, groups };
}

function explicitPadding(
  x: Value,
  kernel: readonly [number, number],
  stride: readonly [number, number],
  dilation: readonly [number, number],
  padding: NonNullable<ConvOptions['padding']>,
): readonly [number, number, number, number] {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (padding === 'same') {
    const [vertical, horizontal] = [0, 1].map((axis) =>
      samePadding(x.shape[2 + axis], kernel[axis], stride[axis], dilation[axis]),
    );
    return [vertical[0], horizontal[0], vertical[1], horizontal[1]];
  }
  return padding.length === 2 ? [padding[0], padding[1], padding[0], padding[1]] : padding;
}

/** Before and after; an odd remainder goes after, as TensorFlow and ONNX's SAME_UPPER do. */
function samePadding(size: Dimension, kernel: number, stride: number, dilation: number): [number, number] {
  const reach = dilation * (kernel - 1) + 1;
  if (typeof size === 'string' && stride > 1)
    throw shapeError('conv2d', `padding 'same' with a stride needs a fixed size instead of '${size}'`);
  const steps = typeof size === 'string' ? 0 : Math.ceil(size / stride) - 1;
  const total = typeof size === 'string' ? reach - 1 : Math.max(0, steps * stride + reach - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

function requireFittingChannels(x: Value, weight: Value, bias: Value | undefined, groups: number): void {
  const [outputs, perGroup] = weight.shape as number[];
  if (x.shape[1] !== perGroup * groups || outputs % groups !== 0) {
    throw shapeError(
      'conv2d',
      `input ${formatShape(x.shape)} does not fit weight ${formatShape(weight.shape)} in ${groups} group(s)`,
    );
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw shapeError('conv2d', `bias ${formatShape(bias.shape)} does not fit weight ${formatShape(weight.shape)}`);
  }
}
