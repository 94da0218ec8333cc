import { expect, test } from 'vitest';
import { gradients } from './gradients.ts';
import { countCorrect, logSoftmax, oneHot, softmax, softmaxCrossEntropy } from './loss.ts';
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
