import { beforeAll, expect, test } from 'vitest';
import { toOnnx } from '../graph/to-onnx.ts';
import { createLineNetwork } from '../networks/create-line-network.ts';
import { FoldedContext, weightsByName } from '../networks/folded-context.ts';
import { imageInput } from '../networks/image-input.ts';
import { Session } from '../runtime/session.ts';
import { foldedWeights } from './folded-weights.ts';
import { readModel, type StoredModel } from './model-store.ts';

let stored: StoredModel;
beforeAll(async () => {
  stored = await readModel('line-recognizer');
});

const stripes = {
  data: Uint8Array.from({ length: 64 * 96 }, (_, i) => ((i % 96) % 11 < 3 ? 255 - (i % 64) : 0)),
  shape: [1, 64, 96],
};

async function logitsOf(onnx: Uint8Array): Promise<Float32Array> {
  const session = await Session.load(onnx, { threads: 1 });
  const { logits } = await session.run({ images: stripes });
  await session.close();
  return logits.data as Float32Array;
}

test('a network with the weights that were read back computes what its file does', async () => {
  const { name, config } = stored.manifest.network;
  const network = createLineNetwork(name, config);
  const weights = foldedWeights(network, stored.onnx, 'it');
  const logits = network.build(new FoldedContext(weightsByName(weights)), imageInput('batch', 64, 'width').images);
  expect(await logitsOf(toOnnx({ logits }))).toEqual(await logitsOf(stored.onnx));
});

test('each weight has its name, size and the values that its 8 bits stand for', () => {
  const { name, config } = stored.manifest.network;
  const weights = foldedWeights(createLineNetwork(name, config), stored.onnx, 'it');
  // 7 · 7 kernels of one channel for 32; two frames of all classes for 192 features.
  const outputs = 2 * Number(config.classes);
  expect(['stem.weight', 'stem.bias', 'logits.weight', 'logits.bias'].map((key) => weights.get(key)?.length)).toEqual([
    1568,
    32,
    192 * outputs,
    outputs,
  ]);
  const kernel = weights.get('columns.weight')!.subarray(0, 96 * 12);
  const scale = kernel.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127;
  for (const weight of kernel) expect(weight / scale).toBeCloseTo(Math.round(weight / scale), 3);
});

test.each([
  ['more layers', { dilations: [1, 2, 4, 8, 1, 2, 4, 8, 1] }],
  ['fewer layers', { blocks: 0 }],
  ['other sizes', { sequence: 96 }],
])('the file of another network is refused: %s', (_, change) => {
  const { name, config } = stored.manifest.network;
  const network = createLineNetwork(name, { ...config, ...change });
  expect(() => foldedWeights(network, stored.onnx, "Model 'it'")).toThrow(
    expect.objectContaining({
      code: 'MODEL_INVALID',
      message: expect.stringContaining("Model 'it' is not the graph of"),
    }),
  );
});
