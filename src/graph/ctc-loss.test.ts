import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { ctcLoss, type CtcLossOptions } from './ctc-loss.ts';
import { multiply } from './elementwise.ts';
import { gradients } from './gradients.ts';
import { sum } from './reduce.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { expectSampled, readFixture, type Sampled } from './testing/fixture.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { feedsOf, runGraph, runWithGradients } from './testing/run-graph.ts';
import { plainTarget, testTargets } from './testing/test-targets.ts';
import { toOnnx } from './to-onnx.ts';
import { input, type Value } from './value.ts';

interface Case extends Required<CtcLossOptions> {
  readonly name: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly labels: readonly (readonly number[])[];
  readonly inputLengths: readonly number[];
  readonly labelLengths: readonly number[];
  /** `null` is an infinite loss. */
  readonly losses: readonly (number | null)[];
  readonly gradient?: Sampled;
}

const int32 = (values: readonly number[], shape: readonly number[]): Tensor => ({
  data: Int32Array.from(values),
  shape,
});

const lossOf =
  (options: CtcLossOptions) =>
  (...[logits, labels, inputLengths, labelLengths]: Value[]) =>
    ctcLoss(logits, labels, inputLengths, labelLengths, options);

for (const { name, shape, scale, labels, inputLengths, labelLengths, losses, gradient, ...options } of readFixture<
  Case[]
>('ctc')) {
  test(`ctcLoss as PyTorch: ${name}`, async () => {
    const batch = shape[0];
    const inputs = [
      hashedTensor(shape, 1, scale),
      int32(labels.flat(), [batch, labels[0].length]),
      int32(inputLengths, [batch]),
      int32(labelLengths, [batch]),
    ];
    for (const [target, lowering] of await testTargets()) {
      const { y, d0 } = await runWithGradients(lossOf(options), inputs, lowering);
      losses.forEach((loss, i) => {
        if (loss === null) expect(y.data[i], target).toBe(Infinity);
        else expect(Math.abs(Number(y.data[i]) - loss), `${target}, item ${i}`).toBeLessThan(1e-6 * Math.max(5, loss));
      });
      expect(d0.data.every((value) => Number.isFinite(value))).toBe(true);
      if (gradient) expectSampled(d0, gradient, 4e-5, `${target}: gradient`);
    }
  });
}

test('the gradient of ctcLoss', async () => {
  const inputs = [
    hashedTensor([3, 6, 4], 1, 2),
    int32([1, 2, 2, 3, 1, 0, 3, 0, 0], [3, 3]),
    int32([6, 5, 2], [3]),
    int32([3, 2, 0], [3]),
  ];
  await checkGradient(lossOf({}), inputs);
});

const [time, classes, maxLabel] = [5, 3, 3];
let session: Session;

beforeAll(async () => {
  const logits = input('x0', 'float32', [1, time, classes]);
  const lengths = [input('x2', 'int32', [1]), input('x3', 'int32', [1])];
  const losses = ctcLoss(logits, input('x1', 'int32', [1, maxLabel]), lengths[0], lengths[1], { zeroInfinity: true });
  const [slope] = gradients(sum(multiply(losses, 1)), [logits]);
  session = await Session.load(toOnnx({ losses, slope }), { threads: 1 });
});
afterAll(() => session.close());

/** −ln p(label) and its gradient for the logits, from every one of the classes^frames paths; NaN where there is no path. */
function byAllPaths(
  logits: readonly number[],
  label: readonly number[],
  frames: number,
): { loss: number; slope: number[] } {
  const row = (t: number) => logits.slice(t * classes, (t + 1) * classes);
  const softmax = Array.from({ length: frames }, (_, t) => {
    const total = row(t).reduce((sum, x) => sum + Math.exp(x), 0);
    return row(t).map((x) => Math.exp(x) / total);
  });
  let total = 0;
  const weights = logits.map(() => 0);
  for (let code = 0; code < classes ** frames; code++) {
    const path = Array.from({ length: frames }, (_, t) => Math.floor(code / classes ** t) % classes);
    const collapsed = path.filter((symbol, t) => symbol !== 0 && symbol !== path[t - 1]);
    if (collapsed.join() !== label.join()) continue;
    const weight = path.reduce((product, symbol, t) => product * softmax[t][symbol], 1);
    total += weight;
    path.forEach((symbol, t) => (weights[t * classes + symbol] += weight));
  }
  const slope = weights.map((weight, i) => (i < frames * classes ? softmax.flat()[i] - weight / total : 0));
  return { loss: -Math.log(total), slope };
}

test('loss and gradient are those of all paths together', async () => {
  const logits = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), {
    minLength: time * classes,
    maxLength: time * classes,
  });
  const labels = fc.array(fc.integer({ min: 1, max: classes - 1 }), { maxLength: maxLabel });
  await fc.assert(
    fc.asyncProperty(logits, labels, fc.integer({ min: 1, max: time }), async (scores, label, frames) => {
      const expected = byAllPaths(scores, label, frames);
      const padded = [...label, ...Array.from({ length: maxLabel - label.length }, () => 0)];
      const inputs = [
        { data: Float32Array.from(scores), shape: [1, time, classes] },
        int32(padded, [1, maxLabel]),
        int32([frames], [1]),
        int32([label.length], [1]),
      ];
      const { losses, slope } = await session.run(feedsOf(inputs));
      const isPossible = Number.isFinite(expected.loss);
      expect(losses.data[0]).toBeCloseTo(isPossible ? expected.loss : 0, 4);
      slope.data.forEach((value, i) => expect(value).toBeCloseTo(isPossible ? expected.slope[i] : 0, 4));
    }),
    { numRuns: 150 },
  );
});

test('labels that do not fit leave no trace in the gradient, however many frames lack', async () => {
  const [batch, frames, length] = [16, 40, 30];
  const inputs = [
    hashedTensor([batch, frames, 5], 1, 20),
    int32(
      Array.from({ length: batch * length }, (_, i) => 1 + (i % 3)),
      [batch, length],
    ),
    int32(
      Array.from({ length: batch }, (_, i) => i + 10),
      [batch],
    ),
    int32(
      Array.from({ length: batch }, () => length),
      [batch],
    ),
  ];
  const { y, d0 } = await runWithGradients(lossOf({ zeroInfinity: true }), inputs, plainTarget);
  expect([...y.data].every((value) => value === 0)).toBe(true);
  expect([...d0.data].every((value) => value === 0)).toBe(true);
});

test('what follows the end of a label or of an item changes nothing', async () => {
  const loss = async (logits: Float32Array, labels: readonly number[]) => {
    const inputs = [{ data: logits, shape: [1, 6, 4] }, int32(labels, [1, 3]), int32([4], [1]), int32([2], [1])];
    const { y } = await runGraph(
      { y: lossOf({})(...inputs.map((tensor, i) => input(`x${i}`, i === 0 ? 'float32' : 'int32', tensor.shape))) },
      feedsOf(inputs),
    );
    return y.data[0];
  };
  const { data } = hashedTensor([1, 6, 4], 1) as { data: Float32Array };
  const expected = await loss(data, [1, 2, 0]);
  expect(expected).toBeGreaterThan(0);
  expect(
    await loss(
      data.map((x, i) => (i < 16 ? x : 1e4)),
      [1, 2, 0],
    ),
  ).toBe(expected);
  expect(await loss(data, [1, 2, 3])).toBe(expected);
});

test('shapes that do not fit are named', () => {
  const logits = input('logits', 'float32', [2, 5, 4]);
  const [labels, lengths] = [input('labels', 'int32', [3, 2]), input('lengths', 'int32', [2])];
  expect(() => ctcLoss(logits, labels, lengths, lengths)).toThrow('[3, 2], [2], [2] do not fit logits [2, 5, 4]');
  const fitting = input('labels', 'int32', [2, 2]);
  expect(() => ctcLoss(logits, fitting, lengths, lengths, { blank: 4 })).toThrow('blank 4 is none of 4 classes');
  expect(() => ctcLoss(logits, input('labels', 'int32', [2, 0]), lengths, lengths)).toThrow('room for one symbol');
});
