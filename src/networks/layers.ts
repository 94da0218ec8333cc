import { conv2d, type ConvOptions } from '../graph/conv.ts';
import { dense, matmul } from '../graph/dense.ts';
import { dropout } from '../graph/dropout.ts';
import { add } from '../graph/elementwise.ts';
import { batchNormTraining } from '../graph/norm.ts';
import { constant, staticShape, type Value } from '../graph/value.ts';
import { filled, glorotUniform, heNormal } from './initializers.ts';
import type { LayerContext } from './layer-context.ts';

export interface DenseLayerOptions {
  readonly outputs: number;
  /** Whether a rectifier follows (He's initial variance) or not (Glorot's). Default true. */
  readonly rectified?: boolean;
}

/** A fully connected layer over the last dimension: x `[…, inputs]` → `[…, outputs]`. */
export function denseLayer(
  context: LayerContext,
  name: string,
  x: Value,
  { outputs, rectified = true }: DenseLayerOptions,
): Value {
  const inputs = x.shape.at(-1) as number;
  const initializer = rectified ? heNormal(inputs) : glorotUniform(inputs, outputs);
  const weight = context.parameter(`${name}.weight`, [inputs, outputs], initializer);
  const bias = context.parameter(`${name}.bias`, [outputs], filled(0), { decay: false });
  return x.shape.length === 2 ? dense(x, weight, bias) : add(matmul(x, weight), bias);
}

export interface ConvLayerOptions extends ConvOptions {
  readonly outputs: number;
  readonly kernel: number | readonly [number, number];
}

/** A convolution with bias: x `[batch, channels, height, width]` → `[batch, outputs, height', width']`. */
export function convLayer(context: LayerContext, name: string, x: Value, options: ConvLayerOptions): Value {
  const { shape, fanIn } = kernelShape(x, options);
  const weight = context.parameter(`${name}.weight`, shape, heNormal(fanIn));
  return conv2d(x, weight, context.parameter(`${name}.bias`, [options.outputs], filled(0), { decay: false }), options);
}

export interface ConvNormLayerOptions extends ConvLayerOptions {
  /** The normalisation's scale at the beginning. Default 1. */
  readonly initialScale?: number;
}

const runningShare = 0.1;
const epsilon = 1e-5;

/** A convolution without bias, then batch normalisation; in serving one convolution with the normalisation folded in. */
export function convNormLayer(context: LayerContext, name: string, x: Value, options: ConvNormLayerOptions): Value {
  const { shape, fanIn } = kernelShape(x, options);
  if (context.normalizedConv) return context.normalizedConv(name, x, shape, options);
  const { outputs, initialScale = 1 } = options;
  const weight = context.parameter(`${name}.weight`, shape, heNormal(fanIn));
  const scale = context.parameter(`${name}.scale`, [outputs], filled(initialScale), { decay: false });
  const shift = context.parameter(`${name}.shift`, [outputs], filled(0), { decay: false });
  if (context.training) {
    const result = batchNormTraining(conv2d(x, weight, undefined, options), scale, shift, epsilon);
    context.statistic(`${name}.mean`, outputs, 0, () => result.mean);
    context.statistic(`${name}.variance`, outputs, 1, () => result.variance);
    return result.y;
  }
  const mean = context.statistic(`${name}.mean`, outputs, 0, undefined);
  const variance = context.statistic(`${name}.variance`, outputs, 1, undefined);
  const folded = foldNormalization(weight, [scale, shift, mean, variance]);
  return conv2d(x, folded.weight, folded.bias, options);
}

/** The share of a batch's statistics in the running ones, as PyTorch's momentum. */
export const runningStatisticShare = runningShare;

/** weight · scale / √(variance + ε) and shift − mean · scale / √(variance + ε), for each output channel. */
function foldNormalization(weight: Value, vectors: readonly Value[]): { weight: Value; bias: Value } {
  const [scale, shift, mean, variance] = vectors.map(constantData);
  const kernels = constantData(weight).slice();
  const perOutput = kernels.length / scale.length;
  const bias = new Float32Array(scale.length);
  for (let channel = 0; channel < scale.length; channel++) {
    const factor = scale[channel] / Math.sqrt(variance[channel] + epsilon);
    bias[channel] = shift[channel] - mean[channel] * factor;
    for (let i = channel * perOutput; i < (channel + 1) * perOutput; i++) kernels[i] *= factor;
  }
  return { weight: constant(kernels, staticShape('convNormLayer', weight)), bias: constant(bias, [bias.length]) };
}

function constantData({ producer }: Value): Float32Array {
  if (producer.kind === 'constant' && producer.data instanceof Float32Array) return producer.data;
  throw new TypeError('Only a network that is built for serving has constant weights.');
}

/** Drops a share of the elements in training (Srivastava et al. 2014), nothing in serving. */
export function dropoutLayer(context: LayerContext, x: Value, rate: number): Value {
  if (!context.training || rate === 0) return x;
  const { mask, keptShare } = context.keepMask(staticShape('dropout', x), rate);
  return dropout(x, mask, keptShare);
}

function kernelShape(x: Value, { outputs, kernel, groups = 1 }: ConvLayerOptions): { shape: number[]; fanIn: number } {
  const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const inputs = (x.shape[1] as number) / groups;
  return { shape: [outputs, inputs, kh, kw], fanIn: inputs * kh * kw };
}
