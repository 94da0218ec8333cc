import { expect, test } from 'vitest';
import { conv2d } from './conv.ts';
import { dense, gemm, matmul, matmulTransposed } from './dense.ts';
import { dropout } from './dropout.ts';
import { add, divide, equal, greater, maximum, minimum, multiply, subtract, where } from './elementwise.ts';
import { gradients } from './gradients.ts';
import { softmax, softmaxCrossEntropy } from './loss.ts';
import { batchNormTraining } from './norm.ts';
import { globalAveragePool } from './global-average-pool.ts';
import { maxPool2d } from './max-pool.ts';
import { argmax, max, mean, sum } from './reduce.ts';
import { concat, split } from './concat.ts';
import { expand, zeros } from './expand.ts';
import { gather, reverse } from './gather.ts';
import { pad } from './pad.ts';
import { flatten, reshape } from './reshape.ts';
import { dilate, slice } from './slice.ts';
import { transpose } from './transpose.ts';
import { constant, input, int64s, type Shape, type Value } from './value.ts';

/** A float32 value of the given shape. */
const of = (...shape: Shape): Value => input('x', 'float32', shape);
const bytes = (...shape: Shape): Value => input('bytes', 'uint8', shape);
const image = of('batch', 3, 8, 8);

const cases: readonly (readonly [wrong: () => unknown, message: string])[] = [
  [() => add(of(2, 3), of(4)), 'Add: cannot broadcast [2, 3] with [4].'],
  [() => subtract(of(2), of(3)), 'Sub: cannot broadcast [2] with [3].'],
  [() => multiply(of('batch', 3), of('time', 3)), 'Mul: cannot broadcast [batch, 3] with [time, 3].'],
  [() => divide(of(2, 2), of(3, 2)), 'Div: cannot broadcast [2, 2] with [3, 2].'],
  [() => maximum(of(2), of(3)), 'Max: cannot broadcast [2] with [3].'],
  [() => minimum(of(2), of(3)), 'Max: cannot broadcast [2] with [3].'],
  [() => add(of(2), bytes(2)), 'Add: float32 [2] and uint8 [2] have different element types; cast one of them.'],
  [() => equal(bytes(2), 1), 'Equal: uint8 [2] and float32 [] have different element types; cast one of them.'],
  [() => greater(of(2, 3), of(2)), 'Greater: cannot broadcast [2, 3] with [2].'],
  [() => where(greater(of(2), 0), of(3), of(3)), 'where: cannot broadcast [2] with [3].'],

  [() => sum(of(2, 3), [2]), 'sum: axis 2 is not in [2, 3].'],
  [() => mean(of(2, 3), [-1]), 'mean: axis -1 is not in [2, 3].'],
  [() => max(of(2, 3), [0.5]), 'max: axis 0.5 is not in [2, 3].'],
  [() => argmax(of(2, 3), 2), 'argmax: axis 2 is not in [2, 3].'],

  [() => reshape(of(2, 3), [4, 2]), 'reshape: [2, 3] has other elements than [4, 2].'],
  [() => reshape(of(2, 3), [-1, 4]), 'reshape: [2, 3] has other elements than [-1, 4].'],
  [() => reshape(of(2, 3), [-1, -1]), 'reshape: [2, 3] has other elements than [-1, -1].'],
  [() => reshape(of('batch', 3), [3]), 'reshape: [batch, 3] has other elements than [3].'],
  [
    () => reshape(of('batch', 'width', 3), [1, 'batch', 'width', 3]),
    'reshape: cannot tell the sizes of [1, batch, width, 3] from [batch, width, 3].',
  ],
  [() => flatten(of(2, 'width', 3)), 'flatten: cannot join [width, 3].'],
  [() => flatten(of(2, 3), 2), 'flatten: axis 2 is not in [2, 3].'],
  [() => transpose(of(2, 3), [0, 0]), 'transpose: order [0, 0] is not a permutation of the axes of [2, 3].'],
  [() => transpose(of(2, 3), [1]), 'transpose: order [1] is not a permutation of the axes of [2, 3].'],
  [() => concat([], 0), 'concat: there is nothing to join.'],
  [() => concat([of(2, 3), of(3, 3)], 1), 'concat: [2, 3] and [3, 3] differ outside axis 1.'],
  [() => concat([of(2, 3), of(2, 3)], 2), 'concat: axis 2 is not in [2, 3].'],
  [() => concat([of(2, 'a'), of(2, 3)], 1), 'concat: unknown sizes [a, 3] on axis 1.'],
  [() => split(of(2, 3), [1, 1], 1), 'split: sizes [1, 1] do not add up to axis 1 of [2, 3].'],
  [() => split(of(2, 3), [4, -1], 1), 'split: sizes [4, -1] do not add up to axis 1 of [2, 3].'],
  [() => split(of(2, 3), [3], 5), 'split: axis 5 is not in [2, 3].'],
  [() => slice(of(2, 3), [{ axis: 1, start: 1, end: 4 }]), 'slice: 1:4:1 is outside axis 1 of [2, 3].'],
  [() => slice(of(2, 3), [{ axis: 1, start: 2, end: 2 }]), 'slice: 2:2:1 is outside axis 1 of [2, 3].'],
  [() => slice(of(2, 3), [{ axis: 1, start: 0, step: 0 }]), 'slice: 0:3:0 is outside axis 1 of [2, 3].'],
  [() => slice(of('batch', 3), [{ axis: 0, start: 0 }]), 'slice: axis 0 of [batch, 3] has no fixed size.'],
  [() => slice(of(2), [{ axis: 3, start: 0 }]), 'slice: axis 3 is not in [2].'],
  [() => pad(of('batch', 3), [{ axis: 0, before: 1, after: 0 }]), 'pad: axis 0 of [batch, 3] has no fixed size.'],
  [() => pad(of(2, 3), [{ axis: 1, before: -1, after: -2 }]), 'pad: -1 and -2 leave nothing of axis 1 of [2, 3].'],
  [() => pad(of(2, 3), [{ axis: 2, before: 1, after: 0 }]), 'pad: axis 2 is not in [2, 3].'],
  [() => expand(of(2, 3), [2, 4]), 'expand: cannot broadcast [2, 3] with [2, 4].'],
  [() => expand(of(2, 3), [1, 3]), 'expand: [2, 3] cannot become [1, 3].'],
  [() => gather(of(2, 3), int64s([0]), 2), 'gather: axis 2 is not in [2, 3].'],
  [() => reverse(of(2, 3), 2), 'reverse: axis 2 is not in [2, 3].'],
  [() => dilate(of('n'), 0, 2), 'dilate: needs sizes that are known when the graph is built, got [n].'],
  [() => zeros(['n', 2]), 'expand: needs fixed sizes, got [n, 2].'],
  [() => constant(Float32Array.of(1, 2, 3), [2, 2]), 'constant: 3 elements do not fill shape [2, 2].'],

  [() => dense(of(2, 3), of(4, 5)), 'dense: input [2, 3] does not fit weight [4, 5].'],
  [() => dense(of(2, 3), of(3, 5), of(4)), 'dense: bias [4] does not fit weight [3, 5].'],
  [() => dense(of(2, 3, 4), of(4, 5)), 'dense: needs [batch, inputs] with 2 dimensions, got [2, 3, 4].'],
  [() => gemm(of(2, 3), of(2, 3), false, false), 'gemm: inner sizes of [2, 3] and [2, 3] differ.'],
  [() => matmul(of(2, 3), of(4, 5)), 'matmul: [2, 3] does not fit [4, 5].'],
  [() => matmul(of(3), of(3, 5)), 'matmul: [3] does not fit [3, 5].'],
  [() => matmul(of(2, 1, 3), of(4, 3, 1)), 'matmul: cannot broadcast [2] with [4].'],
  [() => matmulTransposed(of(2, 3), of(3, 2)), 'matmulTransposed: [2, 3] does not fit [3, 2].'],

  [
    () => conv2d(of(1, 3, 8), of(4, 3, 3, 3)),
    'conv2d: needs [batch, channels, height, width] with 4 dimensions, got [1, 3, 8].',
  ],
  [
    () => conv2d(image, of(4, 2, 3, 3)),
    'conv2d: input [batch, 3, 8, 8] does not fit weight [4, 2, 3, 3] in 1 group(s).',
  ],
  [
    () => conv2d(image, of(4, 1, 3, 3), undefined, { groups: 3 }),
    'conv2d: input [batch, 3, 8, 8] does not fit weight [4, 1, 3, 3] in 3 group(s).',
  ],
  [() => conv2d(image, of(4, 3, 3, 3), of(3)), 'conv2d: bias [3] does not fit weight [4, 3, 3, 3].'],
  [() => conv2d(image, of(4, 3, 3, 9)), 'conv2d: kernel [3, 9] is larger than the padded input [batch, 3, 8, 8].'],
  [() => conv2d(image, of(4, 3, 'k', 3)), 'conv2d: the kernel of [4, 3, k, 3] must have a fixed size.'],
  [
    () => conv2d(image, of(4, 3, 3, 3), undefined, { stride: 0 }),
    'conv2d: stride must be whole and at least 1, got 0.',
  ],
  [
    () => conv2d(image, of(4, 3, 3, 3), undefined, { dilation: [1, 0.5] }),
    'conv2d: dilation must be whole and at least 1, got 0.5.',
  ],
  [
    () => conv2d(image, of(4, 3, 3, 3), undefined, { padding: [0, -1] }),
    'conv2d: padding must be whole and at least 0, got -1.',
  ],
  [
    () => conv2d(of(1, 3, 8, 'width'), of(4, 3, 3, 3), undefined, { padding: 'same', stride: 2 }),
    "conv2d: padding 'same' with a stride needs a fixed size instead of 'width'.",
  ],

  [
    () => maxPool2d(of(1, 3, 8), { kernel: 2 }),
    'maxPool2d: needs [batch, channels, height, width] with 4 dimensions, got [1, 3, 8].',
  ],
  [() => maxPool2d(image, { kernel: 9 }), 'maxPool2d: kernel [9, 9] is larger than the padded input [batch, 3, 8, 8].'],
  [() => maxPool2d(image, { kernel: 2, padding: 2 }), 'maxPool2d: padding 2, 2 must be smaller than kernel 2×2.'],
  [() => maxPool2d(image, { kernel: 0 }), 'maxPool2d: kernel must be whole and at least 1, got 0.'],
  [
    () => globalAveragePool(of(2, 3)),
    'globalAveragePool: needs [batch, channels, height, width] with 4 dimensions, got [2, 3].',
  ],

  [() => batchNormTraining(of(2, 3, 4, 4), of(3), of(4)), 'batchNorm: [4] does not fit the channels of [2, 3, 4, 4].'],
  [
    () => batchNormTraining(image, of(3), of(3)),
    'batchNorm: needs sizes that are known when the graph is built, got [batch, 3, 8, 8].',
  ],
  [() => softmax(of()), 'softmax: axis -1 is not in [].'],
  [() => softmaxCrossEntropy(of(2, 3, 4), of(2)), 'softmaxCrossEntropy: labels [2] do not fit logits [2, 3, 4].'],
  [
    () => softmaxCrossEntropy(of(2, 3), input('labels', 'int32', [3])),
    'softmaxCrossEntropy: labels [3] do not fit logits [2, 3].',
  ],
  [() => dropout(of(2, 3), bytes(3), 0.5), 'dropout: mask [3] does not fit [2, 3].'],
  [() => gradients(of(2, 3), []), 'gradients: the loss must be a scalar, got [2, 3].'],
];

for (const [wrong, message] of cases) {
  test(message, () => {
    expect(wrong).toThrow(expect.objectContaining({ name: 'TextRecognizerError', code: 'SHAPE_MISMATCH', message }));
  });
}
