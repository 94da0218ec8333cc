import { expect, test } from 'vitest';
import { portableTarget } from '../../graph/target.ts';
import { readFixture } from '../../graph/testing/fixture.ts';
import { trainingTarget } from '../../runtime/channel-block.ts';
import { imageInput } from '../image-input.ts';
import { lenet } from './lenet.ts';
import { expectPyTorchGradients } from '../testing/expect-pytorch-gradients.ts';
import type { NetworkFixture } from '../testing/network-fixture.ts';
import { TrainingContext } from '../training-context.ts';

const { parameters, gradients } = readFixture<NetworkFixture>('lenet');

for (const [i, fixture] of gradients.entries()) {
  const { dropout, smoothing } = fixture;
  test(`loss and gradients are PyTorch's with dropout ${dropout} and label smoothing ${smoothing}`, async () => {
    const target = i === 0 ? portableTarget : await trainingTarget('cpu');
    await expectPyTorchGradients(lenet({ classes: 62, dropout }), parameters, fixture, target);
  });
}

test('parameters by hand', () => {
  const context = new TrainingContext();
  const logits = lenet({ classes: 10 }).build(context, imageInput(4, 28, 28).images);
  expect(logits.shape).toEqual([4, 10]);
  expect(context.parameters.map(({ name, size, decay }) => [name, size, decay])).toEqual([
    ['conv1.weight', 288, true],
    ['conv1.bias', 32, false],
    ['conv2.weight', 18_432, true],
    ['conv2.bias', 64, false],
    ['dense.weight', 1_179_648, true],
    ['dense.bias', 128, false],
    ['logits.weight', 1280, true],
    ['logits.bias', 10, false],
  ]);
});
