import { expect, test } from 'vitest';
import { portableTarget } from '../../graph/target.ts';
import { readFixture } from '../../graph/testing/fixture.ts';
import { trainingTarget } from '../../runtime/channel-block.ts';
import { imageInput } from '../image-input.ts';
import { mlp } from './mlp.ts';
import { expectPyTorchGradients } from '../testing/expect-pytorch-gradients.ts';
import type { NetworkFixture } from '../testing/network-fixture.ts';
import { TrainingContext } from '../training-context.ts';

const { parameters, gradients } = readFixture<NetworkFixture>('mlp');

for (const [i, fixture] of gradients.entries()) {
  const { dropout, smoothing } = fixture;
  test(`loss and gradients are PyTorch's with dropout ${dropout} and label smoothing ${smoothing}`, async () => {
    const target = i === 0 ? portableTarget : await trainingTarget('cpu');
    await expectPyTorchGradients(mlp({ classes: 62, dropout }), parameters, fixture, target);
  });
}

test('parameters by hand', () => {
  const context = new TrainingContext();
  const logits = mlp({ classes: 10 }).build(context, imageInput(4, 28, 28).images);
  expect(logits.shape).toEqual([4, 10]);
  expect(context.parameters.map(({ name, size, decay }) => [name, size, decay])).toEqual([
    ['dense1.weight', 100_352, true],
    ['dense1.bias', 128, false],
    ['dense2.weight', 16_384, true],
    ['dense2.bias', 128, false],
    ['dense3.weight', 16_384, true],
    ['dense3.bias', 128, false],
    ['logits.weight', 1280, true],
    ['logits.bias', 10, false],
  ]);
});
