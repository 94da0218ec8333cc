import { expect, test } from 'vitest';
import { multiplyAccumulates } from '../graph/count-work.ts';
import { runGraph } from '../graph/testing/run-graph.ts';
import { createLineNetwork } from './create-line-network.ts';
import { createNetwork } from './create-network.ts';
import { imageInput } from './image-input.ts';
import { TrainingContext } from './training-context.ts';

test.each([
  // By hand: 784 · 128 + 128 · 128 + 128 · 128 + 128 · 62, and a bias for each output.
  ['mlp', 141_056, 141_502],
  // 26² · 9 · 32 + 24² · 288 · 64 + 9216 · 128 + 128 · 62
  ['lenet', 11_999_104, 1_206_590],
])('%s has the work and the parameters of its layers', (name, work, parameters) => {
  const context = new TrainingContext();
  const logits = createNetwork(name, { classes: 62 }).build(context, imageInput(1, 28, 28).images);
  expect(multiplyAccumulates([logits])).toBe(work);
  expect(context.parameters.reduce((total, { size }) => total + size, 0)).toBe(parameters);
});

test('character-cnn keeps within 1 M parameters and 40 M multiply-accumulates', () => {
  const context = new TrainingContext();
  const logits = createNetwork('character-cnn', { classes: 62 }).build(context, imageInput(1, 28, 28).images);
  expect(logits.shape).toEqual([1, 62]);
  expect(multiplyAccumulates([logits])).toBeLessThanOrEqual(40e6);
  expect(context.parameters.reduce((total, { size }) => total + size, 0)).toBeLessThanOrEqual(1e6);
});

test('a network is made again from its configuration', () => {
  for (const name of ['mlp', 'lenet', 'character-cnn']) {
    const network = createNetwork(name, { classes: 10, dropout: 0.5 });
    const again = createNetwork(network.name, JSON.parse(JSON.stringify(network.config)) as Record<string, unknown>);
    expect(again.config).toEqual(network.config);
    expect(again.config.dropout).toBe(0.5);
  }
});

test('an unknown name or option is an error that names it', () => {
  expect(() => createNetwork('toString', {})).toThrow("There is no network 'toString'; there are mlp, lenet, ");
  expect(() => createLineNetwork('mlp', {})).toThrow("There is no line network 'mlp'; there are line-cnn-");
  for (const config of [{}, { classes: 1 }, { classes: 62, hiden: [3] }, { classes: 62, dropout: 1 }]) {
    expect(() => createNetwork('mlp', config)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining("The configuration of network 'mlp' is not right:"),
      }),
    );
  }
  expect(() => createNetwork('mlp', { classes: 62, hiden: [3] })).toThrow('hiden');
});

test('images are scaled to [0, 1] in the graph', async () => {
  const { images } = imageInput('batch', 1, 3);
  const bytes = { data: Uint8Array.of(0, 51, 255, 102, 153, 204), shape: [2, 1, 3] };
  const { scaled } = await runGraph({ scaled: images }, { images: bytes });
  expect(scaled.shape).toEqual([2, 1, 1, 3]);
  [0, 0.2, 1, 0.4, 0.6, 0.8].forEach((expected, i) => expect(scaled.data[i]).toBeCloseTo(expected, 6));
});
