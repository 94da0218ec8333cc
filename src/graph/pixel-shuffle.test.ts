import { expect, test } from 'vitest';
import { pixelShuffle } from './pixel-shuffle.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant } from './value.ts';

const like = constant(new Float32Array(4), [1, 1, 2, 2]);

test("each pixel becomes a square of its channels' quarters, as ONNX's DepthToSpace says", async () => {
  // The example of the ONNX specification's mode DCR, cut down to one pixel and two channels.
  const x = constant(
    Float32Array.from({ length: 8 }, (_, i) => i),
    [1, 8, 1, 1],
  );
  const { y } = await runGraph({ y: pixelShuffle(x, 2, like) }, {});
  expect(y.shape).toEqual([1, 2, 2, 2]);
  expect([...y.data]).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
});

test('its gradient', async () => {
  await checkGradient((x) => pixelShuffle(x, 2, like), [hashedTensor([1, 4, 2, 3], 1)]);
});

test('refuses channels that are no squares', () => {
  const x = constant(new Float32Array(6), [1, 6, 1, 1]);
  expect(() => pixelShuffle(x, 2, like)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});
