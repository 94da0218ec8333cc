import { expect, test } from 'vitest';
import { runGraph } from '../../graph/testing/run-graph.ts';
import { Random } from '../../random/random.ts';
import { imageInput } from '../image-input.ts';
import { lenet } from './lenet.ts';
import { lineCnnSlidingWindow } from './line-cnn-sliding-window.ts';
import { ServingContext } from '../serving-context.ts';
import { initialParameters, TrainingContext } from '../training-context.ts';
import { windowsFromLenet } from './windows-from-lenet.ts';

test('a window is read as lenet reads it', async () => {
  const random = new Random(3);
  const images = { data: Uint8Array.from({ length: 3 * 28 * 28 }, () => random.below(256)), shape: [3, 28, 28] };
  const input = imageInput(3, 28, 28);
  const context = new TrainingContext();
  lenet({ classes: 10 }).build(context, input.images);
  const weights = initialParameters(context.parameters, 1);
  weights.set(
    'conv2.bias',
    new Float32Array(64).map((_, i) => i / 64),
  );
  weights.set(
    'dense.bias',
    new Float32Array(128).map((_, i) => 1 - i / 64),
  );
  const characters = lenet({ classes: 10 }).build(new ServingContext(weights), input.images);

  const windows = new Map([...weights, ...windowsFromLenet(weights)]);
  const network = lineCnnSlidingWindow({ classes: 10, window: 28, stride: 14 });
  const frames = network.build(new ServingContext(windows), input.images);
  expect(frames.shape).toEqual([3, 1, 10]);

  const read = await runGraph({ characters, frames }, { images });
  const expected = [...(read.characters.data as Float32Array)];
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.1);
  [...(read.frames.data as Float32Array)].forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
});
