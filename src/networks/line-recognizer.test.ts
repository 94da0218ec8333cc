import { expect, test } from 'vitest';
import { multiplyAccumulates } from '../graph/count-work.ts';
import { runGraph } from '../graph/testing/run-graph.ts';
import { imageInput } from './image-input.ts';
import { lineRecognizer } from './line-recognizer.ts';
import { ServingContext } from './serving-context.ts';
import { initialParameters, TrainingContext } from './training-context.ts';

const classes = 126;
/** What the bundled models have. */
const largest = { blocks: 1, dilations: [1, 2, 4, 8, 1, 2, 4, 8] };

function randomWeights(network: ReturnType<typeof lineRecognizer>): Map<string, Float32Array> {
  const context = new TrainingContext();
  network.build(context, imageInput(1, 64, 64).images);
  const weights = initialParameters(context.parameters, 1);
  for (const { name, size, initial } of context.statistics) weights.set(name, new Float32Array(size).fill(initial));
  return weights;
}

test('keeps to its budget: 3 M parameters, 600 M multiply-accumulates for 64×1024', () => {
  const network = lineRecognizer({ classes, ...largest });
  const weights = randomWeights(network);
  const parameters = [...weights.values()].reduce((total, { length }) => total + length, 0);
  expect(parameters).toBeLessThan(3e6);
  const logits = network.build(new ServingContext(weights), imageInput(1, 64, 1024).images);
  expect(logits.shape).toEqual([1, 256, classes]);
  expect(multiplyAccumulates([logits])).toBeLessThan(600e6);
});

test('reads any width that is a multiple of 8, with one frame for 4 pixels', async () => {
  const network = lineRecognizer({ classes: 3, channels: [4, 4, 4], sequence: 6, dilations: [1], kernel: 3 });
  const logits = network.build(new ServingContext(randomWeights(network)), imageInput('batch', 64, 'width').images);
  for (const width of [8, 72]) {
    const images = {
      data: Uint8Array.from({ length: 2 * 64 * width }, (_, i) => (i * 89) % 256),
      shape: [2, 64, width],
    };
    const results = await runGraph({ logits }, { images });
    expect(results.logits.shape).toEqual([2, width / 4, 3]);
  }
  expect([1, 4, 5, 72].map(network.steps)).toEqual([1, 1, 2, 18]);
});

test('a network that is given more blocks reads as before, until it learns more', async () => {
  const channels: [number, number, number] = [4, 4, 4];
  const sizes = { classes: 3, channels, sequence: 6 };
  const [small, grown] = [
    lineRecognizer({ ...sizes, dilations: [1] }),
    lineRecognizer({ ...sizes, blocks: 1, dilations: [1, 2] }),
  ];
  const weights = new Map([...randomWeights(grown), ...randomWeights(small)]);
  const images = { data: Uint8Array.from({ length: 64 * 40 }, (_, i) => (i * 89) % 256), shape: [1, 64, 40] };
  const [before, after] = await Promise.all(
    [small, grown].map(async (network) => {
      const logits = network.build(new ServingContext(weights), imageInput(1, 64, 40).images);
      return (await runGraph({ logits }, { images })).logits.data;
    }),
  );
  expect(after).toEqual(before);
});

test('lines of another height or an odd width are refused', () => {
  const network = lineRecognizer({ classes });
  const build = (height: number, width: number) => () =>
    network.build(new TrainingContext(), imageInput(1, height, width).images);
  expect(build(32, 64)).toThrow('64 pixels high and a multiple of 8 wide, not 32×64');
  expect(build(64, 60)).toThrow('not 64×60');
});
