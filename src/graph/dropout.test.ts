import { expect, test } from 'vitest';
import { dropout } from './dropout.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { input } from './value.ts';

test('what is kept is divided by the share that is kept', async () => {
  const y = dropout(input('x', 'float32', [4]), input('keep', 'uint8', [4]), 0.5);
  const feeds = {
    x: { data: Float32Array.of(1, 2, 3, 4), shape: [4] },
    keep: { data: Uint8Array.of(1, 0, 0, 1), shape: [4] },
  };
  expect((await runGraph({ y }, feeds)).y.data).toEqual(Float32Array.of(2, 0, 0, 8));
});

test('the gradient of dropout with a given mask', async () => {
  const keep = { data: Uint8Array.of(1, 0, 1, 1, 0, 1), shape: [2, 3] };
  await checkGradient((x, mask) => dropout(x, mask, 0.75), [hashedTensor([2, 3], 1), keep]);
});
