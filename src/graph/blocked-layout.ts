import type { ConvGeometry } from './window-geometry.ts';
import { reverse } from './gather.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { operation, type Attributes, type Shape, type Value } from './value.ts';
import type { Target } from './target.ts';

/*
 * ONNX Runtime's CPU kernels run convolutions and pooling several times faster on channels in blocks, NCHWc:
 * [batch, channels / c, height, width, c], written with the shape [batch, channels, height, width]. ONNX Runtime changes
 * to it by itself only where weights are stored in the file; in training they are not, so the graph says it. Reorderings
 * are dropped where an operator's result is taken up in blocks again.
 */
export const blockedDomain = 'com.microsoft.nchwc';
let blockedTwin = new WeakMap<Value, Value>();

/** Begins a new graph: blocked forms that were made while another one was lowered are not part of it. */
export function forgetBlocked(): void {
  blockedTwin = new WeakMap();
}

/** The value in blocks: as it was computed, where it was, otherwise reordered. */
export function toBlocked(x: Value): Value {
  const known = blockedTwin.get(x);
  if (known) return known;
  const reordered = operation('ReorderInput', [x], { type: x.type, shape: x.shape }, { domain: blockedDomain });
  blockedTwin.set(x, reordered);
  return reordered;
}

/** A value in plain layout whose blocked form is `blocked`; it is reordered only if something reads it plainly. */
export function fromBlocked(blocked: Value): Value {
  const attributes = { channels: blocked.shape[1] as number };
  const plain = operation(
    'ReorderOutput',
    [blocked],
    { type: blocked.type, shape: blocked.shape },
    { domain: blockedDomain, attributes },
  );
  blockedTwin.set(plain, blocked);
  return plain;
}

/** The blocked form of a value that was computed in blocks; `undefined` for one that was not. */
export function blockedFormOf(x: Value): Value | undefined {
  return blockedTwin.get(x);
}

/** Says that `blocked` is the blocked form of `plain`. */
export function rememberBlocked(plain: Value, blocked: Value): void {
  blockedTwin.set(plain, blocked);
}

/** A convolution in blocks, or `undefined` where the target or the channel counts do not allow it. */
export function blockedConv(
  inputs: readonly Value[],
  shape: Shape,
  geometry: ConvGeometry,
  { channelBlock: block }: Target,
): Value | undefined {
  const [x, weight, bias] = inputs;
  const [outputs, perGroup] = weight.shape as number[];
  const { groups } = geometry;
  const depthwise = groups > 1 && perGroup === 1 && outputs === groups;
  if (block === 0 || outputs % block !== 0 || (groups > 1 && !depthwise)) return undefined;
  const plainInput = groups === 1 && perGroup < block;
  if (groups === 1 && !plainInput && perGroup % block !== 0) return undefined;
  const kernels = plainInput || depthwise ? blockOutputs(weight, block) : blockBoth(weight, block);
  return convOfBlocks([plainInput ? x : toBlocked(x), kernels, ...(bias ? [bias] : [])], shape, geometry);
}

/**
 * The convolution of x `[batch, outputs, …]` with the kernel turned around, weight `[outputs, inputs, kh, kw]`: channels change places
 * and rows and columns run backwards. `undefined` where the target or the channel counts do not allow it.
 */
export function blockedTurnedConv(
  [x, weight]: readonly Value[],
  shape: Shape,
  geometry: ConvGeometry,
  { channelBlock: block }: Target,
): Value | undefined {
  const [outputs, inputs] = weight.shape as number[];
  if (block === 0 || geometry.groups > 1 || outputs % block !== 0 || inputs % block !== 0) return undefined;
  return convOfBlocks([toBlocked(x), blockTurned(weight, block)], shape, geometry);
}

function convOfBlocks(operands: readonly Value[], shape: Shape, geometry: ConvGeometry): Value {
  const { kernel, stride, padding, dilation, groups } = geometry;
  const attributes: Attributes = {
    kernel_shape: kernel,
    strides: stride,
    pads: padding,
    dilations: dilation,
    group: groups,
    auto_pad: 'NOTSET',
  };
  return fromBlocked(operation('Conv', operands, { type: 'float32', shape }, { domain: blockedDomain, attributes }));
}

// ONNX Runtime moves one axis, or whole runs of the last one, several times faster than it permutes single numbers.

/** OIHW → O/c I/c H W c(I) c(O), under the old shape. */
function blockBoth(weight: Value, block: number): Value {
  const [outputs, inputs, kh, kw] = weight.shape as number[];
  const outputsLast = transpose(reshape(weight, [outputs / block, block, inputs * kh * kw]), [0, 2, 1]);
  const split = reshape(outputsLast, [(outputs * inputs) / block ** 2, block, kh * kw, block]);
  return reshape(transpose(split, [0, 2, 1, 3]), weight.shape);
}

/** OIHW → I/c O/c H W c(O) c(I) with H and W backwards, under the shape IOHW. */
function blockTurned(weight: Value, block: number): Value {
  const [outputs, inputs, kh, kw] = weight.shape as number[];
  const inputsLast = transpose(reshape(weight, [outputs, inputs, kh * kw]), [0, 2, 1]);
  const split = reshape(reverse(inputsLast, 1), [outputs / block, block, kh * kw, inputs / block, block]);
  return reshape(transpose(split, [3, 0, 2, 1, 4]), [inputs, outputs, kh, kw]);
}

/** OIHW → O/c I H W c(O), under the old shape: for few input channels in plain layout, and for depthwise kernels. */
function blockOutputs(weight: Value, block: number): Value {
  const [outputs, inputs, kh, kw] = weight.shape as number[];
  const split = reshape(weight, [outputs / block, block, inputs, kh, kw]);
  return reshape(transpose(split, [0, 2, 3, 4, 1]), weight.shape);
}
