import { describe, expect, test } from 'vitest';
import { readFixture } from '../graph/testing/fixture.ts';
import { lenet } from '../networks/course/lenet.ts';
import { mlp } from '../networks/course/mlp.ts';
import type { NetworkFixture } from '../networks/testing/network-fixture.ts';
import { createOptimizer, optimizerConfig } from './optimizers.ts';
import { expectPyTorchSteps } from './testing/expect-pytorch-steps.ts';

for (const { name, build } of [mlp({ classes: 62, dropout: 0 }), lenet({ classes: 62, dropout: 0 })]) {
  const { parameters, runs } = readFixture<NetworkFixture>(name);

  describe(`three steps of ${name} are PyTorch's:`, () => {
    for (const run of runs) {
      test(run.name, async () => {
        const session = await expectPyTorchSteps(build, { size: 28, classes: 62 }, parameters, run);
        await session.close();
      });
    }
  });
}

test('the defaults are those of PyTorch', () => {
  expect(optimizerConfig.parse({ kind: 'sgd' })).toEqual({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
  expect(optimizerConfig.parse({ kind: 'rmsprop' })).toMatchObject({ alpha: 0.99, epsilon: 1e-8, weightDecay: 0 });
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  expect(optimizerConfig.parse({ kind: 'adam' })).toMatchObject({ ...adam, weightDecay: 0 });
  expect(optimizerConfig.parse({ kind: 'adamw' })).toMatchObject({ ...adam, weightDecay: 0.01 });
});

test("Adam's bias corrections by hand", () => {
  const { scalars } = createOptimizer(optimizerConfig.parse({ kind: 'adam', beta1: 0.5, beta2: 0.75 }));
  expect(scalars(1)).toEqual({ firstMomentScale: 2, secondMomentScale: 4 });
  expect(scalars(2)).toEqual({ firstMomentScale: 4 / 3, secondMomentScale: 16 / 7 });
});

test.each([
  { kind: 'sgd', momentum: 1 },
  { kind: 'sgd', momentum: -0.1 },
  { kind: 'adam', beta1: 1.5 },
  { kind: 'adam', epsilon: 0 },
  { kind: 'adamw', weightDecay: -1 },
  { kind: 'adamw', momentum: 0.9 },
  { kind: 'adagrad' },
])('%o is not a configuration', (config) => {
  expect(optimizerConfig.safeParse(config).success).toBe(false);
});
