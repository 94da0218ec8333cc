import { expect, test } from 'vitest';
import { gradients } from '../graph/gradients.ts';
import { mean } from '../graph/reduce.ts';
import { square } from '../graph/elementwise.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { Random } from '../random/random.ts';
import { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { AdaptedContext } from './adapted-context.ts';
import { FoldedContext, weightsByName } from './folded-context.ts';
import { imageInput } from './image-input.ts';
import { lineRecognizer } from './line-recognizer.ts';
import { TrainingContext } from './training-context.ts';
import { changedWeights } from './weight-differences.ts';

const network = lineRecognizer({ classes: 5, channels: [8, 8, 8], blocks: 1, sequence: 8, dilations: [1, 2] });
const base = randomWeights();
const images: Tensor = { data: Uint8Array.from({ length: 2 * 64 * 32 }, (_, i) => (i * 37) % 251), shape: [2, 64, 32] };

/** Folded weights of every layer, noted down as the network asks for them. */
function randomWeights(): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  const random = new Random(1);
  const context = new FoldedContext((name, shape) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const fanIn = Math.max(1, size / shape[0]);
    weights.set(
      name,
      Float32Array.from({ length: size }, () => random.normal() / Math.sqrt(fanIn)),
    );
    return weights.get(name)!;
  });
  network.build(context, imageInput(1, 64, 32).images);
  return weights;
}

function adapted() {
  const context = new TrainingContext();
  const logits = network.build(new AdaptedContext(context, weightsByName(base), 3), imageInput(2, 64, 32).images);
  const random = new Random(2);
  const values = new Map(
    context.parameters.map(({ name, size }) => [
      name,
      Float32Array.from({ length: size }, () => 0.1 * random.normal()),
    ]),
  );
  return { context, logits, values };
}

async function run(onnx: Uint8Array, values: ReadonlyMap<string, Float32Array>, context?: TrainingContext) {
  const session = await Session.load(onnx, { threads: 1 });
  const inputs =
    context?.parameters.map(({ name, shape }) => [name, { data: values.get(name)!, shape }] as const) ?? [];
  const results = await session.run({ images, ...Object.fromEntries(inputs) });
  await session.close();
  return results;
}

test('the served graph with the differences scores what the training graph scores', async () => {
  const { context, logits, values } = adapted();
  const source = changedWeights(weightsByName(base), values);
  const served = network.build(new FoldedContext(source), imageInput('batch', 64, 'width').images);
  const trained = await run(toOnnx({ logits }), values, context);
  const { logits: scores } = await run(toOnnx({ logits: served }), new Map());
  const plain = network.build(new FoldedContext(weightsByName(base)), imageInput('batch', 64, 'width').images);
  const { logits: before } = await run(toOnnx({ logits: plain }), new Map());
  const gap = (a: Tensor, b: Tensor) =>
    Math.max(...(a.data as Float32Array).map((x, i) => Math.abs(x - Number(b.data[i]))));
  expect(gap(trained.logits, scores)).toBeLessThan(1e-4);
  expect(gap(trained.logits, before)).toBeGreaterThan(0.1);
});

test('differences that are nothing change nothing', async () => {
  const { context, logits, values } = adapted();
  const nothing = new Map([...values].map(([name, value]) => [name, name.endsWith('.down') ? value : value.fill(0)]));
  const trained = await run(toOnnx({ logits }), nothing, context);
  const plain = network.build(new FoldedContext(weightsByName(base)), imageInput('batch', 64, 'width').images);
  const { logits: before } = await run(toOnnx({ logits: plain }), new Map());
  trained.logits.data.forEach((value, i) => expect(Number(value)).toBeCloseTo(Number(before.data[i]), 4));
});

test('the gradient along a random direction is the central difference', async () => {
  const { context, logits, values } = adapted();
  const loss = mean(square(logits));
  const slopes = gradients(
    loss,
    context.parameters.map(({ value }) => value),
  );
  const named = Object.fromEntries(slopes.map((slope, i) => [`slope${i}`, slope]));
  const { loss: _, ...found } = await run(toOnnx({ loss, ...named }), values, context);
  const random = new Random(3);
  const direction = new Map([...values].map(([name, value]) => [name, value.map(() => random.normal())]));
  const expected = context.parameters.reduce((sum, { name }, i) => {
    const along = direction.get(name)!;
    return sum + (found[`slope${i}`].data as Float32Array).reduce((part, slope, j) => part + slope * along[j], 0);
  }, 0);
  const at = async (step: number) => {
    const moved = new Map(
      [...values].map(([name, value]) => [name, value.map((x, i) => x + step * direction.get(name)![i])]),
    );
    return Number((await run(toOnnx({ loss }), moved, context)).loss.data[0]);
  };
  const step = 1e-3;
  const numeric = ((await at(step)) - (await at(-step))) / (2 * step);
  expect(Math.abs(expected / numeric - 1)).toBeLessThan(0.02);
});
