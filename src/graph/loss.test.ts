import { expect, test } from 'vitest';
import { gradients } from './gradients.ts';
import { countCorrect, logSoftmax, oneHot, softCrossEntropy, softmax, softmaxCrossEntropy } from './loss.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { expectSampled, readFixture, type OperatorResults, type Sampled } from './testing/fixture.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { feedsOf, inputValues, runGraph } from './testing/run-graph.ts';
import { testTargets } from './testing/test-targets.ts';
import { input } from './value.ts';

interface LossFixture {
  readonly softmax: OperatorResults;
  readonly logSoftmax: OperatorResults;
  readonly crossEntropy: readonly { readonly smoothing: number; readonly loss: number; readonly gradient: Sampled }[];
}

const fixture = readFixture<LossFixture>('loss');
const logits = hashedTensor([4, 5], 1, 4);
const labels = { data: Int32Array.of(0, 3, 4, 3), shape: [4] };

for (const [name, f] of Object.entries({ softmax, logSoftmax })) {
  test(`the gradient of ${name}`, async () => {
    await checkGradient(f, [hashedTensor([2, 3, 4], 1, 2)]);
  });

  test(`${name} and its gradient are PyTorch's`, async () => {
    await expectLikePyTorch(f, [logits], fixture[name as keyof LossFixture] as OperatorResults);
  });
}

for (const { smoothing, loss, gradient } of fixture.crossEntropy) {
  test(`the gradient of the cross-entropy with smoothing ${smoothing}`, async () => {
    await checkGradient((scores, wanted) => softmaxCrossEntropy(scores, wanted, smoothing), [logits, labels]);
  });

  test(`the cross-entropy with smoothing ${smoothing} and its gradient are PyTorch's`, async () => {
    const [scores, wanted] = inputValues([logits, labels]);
    const value = softmaxCrossEntropy(scores, wanted, smoothing);
    const outputs = { value, slope: gradients(value, [scores])[0] };
    for (const [name, target] of await testTargets()) {
      const results = await runGraph(outputs, feedsOf([logits, labels]), target);
      expect(Math.abs((results.value.data[0] as number) - loss), name).toBeLessThan(1e-6 * loss);
      expectSampled(results.slope, gradient, 1e-5, name);
    }
  });
}

test('the cross-entropy with given probabilities', async () => {
  const [scores, target] = ['scores', 'target'].map((name) => input(name, 'float32', [1, 2]));
  const value = softCrossEntropy(scores, target);
  const feeds = {
    scores: { data: Float32Array.of(0, Math.log(3)), shape: [1, 2] },
    target: { data: Float32Array.of(0.5, 0.5), shape: [1, 2] },
  };
  const results = await runGraph({ value, slope: gradients(value, [scores])[0] }, feeds);
  // By hand: the softmax is 1/4 and 3/4, so the value is (ln 4 + ln 4/3) / 2 and the slope 1/4 − 1/2 and 3/4 − 1/2.
  expect(results.value.data[0]).toBeCloseTo(0.8369882, 6);
  expect(results.slope.data[0]).toBeCloseTo(-0.25, 6);
  expect(results.slope.data[1]).toBeCloseTo(0.25, 6);
  expect(() => softCrossEntropy(scores, input('short', 'float32', [1, 3]))).toThrow('[1, 3] do not fit logits [1, 2]');
});

test("the cross-entropy of labels [batch, time] and its gradient are PyTorch's", async () => {
  const scores = input('scores', 'float32', [2, 3, 3]);
  const value = softmaxCrossEntropy(scores, input('labels', 'int32', [2, 3]));
  const feeds = {
    scores: { data: Float32Array.of(1, 2, 3, 0, 0, 0, 3, -1, 0, 2, 0, -2, 1, 1, 4, 0, 2, 0), shape: [2, 3, 3] },
    labels: { data: Int32Array.of(2, 1, 0, 0, 0, 0), shape: [2, 3] },
  };
  const results = await runGraph({ value, slope: gradients(value, [scores])[0] }, feeds);
  expect(results.value.data[0]).toBeCloseTo(1.1749169, 6);
  const expected = [
    0.0150051, 0.0407881, -0.0557932, 0.0555556, -0.1111111, 0.0555556, -0.0106267, 0.002858, 0.0077688, -0.0221978,
    0.0195517, 0.002646, -0.1591202, 0.0075464, 0.1515738, -0.1489155, 0.1311643, 0.0177512,
  ];
  expected.forEach((slope, i) => expect(results.slope.data[i]).toBeCloseTo(slope, 6));
});

test('logits as large as 10⁴ give neither infinity nor NaN', async () => {
  const scores = input('scores', 'float32', [2, 2]);
  const value = softmaxCrossEntropy(scores, input('labels', 'int32', [2]));
  const feeds = {
    scores: { data: Float32Array.of(1e4, -1e4, 1e4, -1e4), shape: [2, 2] },
    labels: { data: Int32Array.of(0, 1), shape: [2] },
  };
  const results = await runGraph({ value, slope: gradients(value, [scores])[0] }, feeds);
  expect(results.value.data[0]).toBe(1e4);
  expect(Array.from(results.slope.data, Number)).toEqual([0, 0, 0.5, -0.5]);
});

test('oneHot and countCorrect by hand', async () => {
  const [scores, wanted] = [input('scores', 'float32', ['batch', 3]), input('labels', 'int32', ['batch'])];
  const results = await runGraph(
    { hot: oneHot(wanted, 3), correct: countCorrect(scores, wanted) },
    {
      scores: { data: Float32Array.of(1, 2, 3, 3, 2, 1, 1, 3, 2), shape: [3, 3] },
      labels: { data: Int32Array.of(2, 1, 1), shape: [3] },
    },
  );
  expect(results.hot).toEqual({ data: Float32Array.of(0, 0, 1, 0, 1, 0, 0, 1, 0), shape: [3, 3] });
  expect(results.correct.data[0]).toBe(2);
});
