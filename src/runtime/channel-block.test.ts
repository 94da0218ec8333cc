import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { conv2d, type ConvOptions } from '../graph/conv.ts';
import { lower } from '../graph/lower.ts';
import { operationsUpTo } from '../graph/operations-up-to.ts';
import { expectClose } from '../graph/testing/check-gradient.ts';
import { hashedTensor } from '../graph/testing/hashed-values.ts';
import { runWithGradients } from '../graph/testing/run-graph.ts';
import { plainTarget } from '../graph/testing/test-targets.ts';
import { input, type Value } from '../graph/value.ts';
import { channelBlock, trainingTarget } from './channel-block.ts';

const block = await channelBlock();

test('the block is one that ONNX Runtime has, and stays what it was', async () => {
  expect([0, 8, 16]).toContain(block);
  expect(await channelBlock()).toBe(block);
});

// If the probe failed for another reason than the processor, training would continue, slowly.
test.runIf(process.arch === 'x64')('every x64 processor has blocks', () => {
  expect(block).toBeGreaterThan(0);
});

test('only the CPU provider has blocks', async () => {
  expect(await trainingTarget('cpu')).toEqual({ device: 'cpu', channelBlock: block });
  expect(await trainingTarget('webgpu')).toEqual({ device: 'webgpu', channelBlock: 0 });
  expect(await trainingTarget('cuda')).toEqual({ device: 'cuda', channelBlock: 0 });
});

interface Geometry {
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly options: ConvOptions;
}

const pairOf = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));

/** Convolutions that fit, with channels by the dozen in blocks and some that are not. */
const geometries: fc.Arbitrary<Geometry> = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    inputs: fc.constantFrom(1, 3, 8, 16, 32),
    outputs: fc.constantFrom(6, 8, 16, 32),
    depthwise: fc.boolean(),
    kernel: pairOf(1, 4),
    room: pairOf(0, 5),
    stride: pairOf(1, 3),
    dilation: pairOf(1, 2),
    padding: fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 2 }))),
  })
  .map(({ batch, inputs, outputs, depthwise, kernel, room, stride, dilation, padding }) => {
    const size = [0, 1].map((axis) => dilation[axis] * (kernel[axis] - 1) + 1 + room[axis]);
    const weight = [depthwise ? inputs : outputs, depthwise ? 1 : inputs, ...kernel];
    const options = { stride, dilation, padding: padding as [number, number, number, number] };
    return { x: [batch, inputs, ...size], weight, options: { ...options, groups: depthwise ? inputs : 1 } };
  });

test.skipIf(block === 0)('convolutions in blocks and their gradients are those without', async () => {
  const property = fc.asyncProperty(geometries, async ({ x, weight, options }) => {
    const inputs = [hashedTensor(x, 1), hashedTensor(weight, 2), hashedTensor(weight.slice(0, 1), 3)];
    const build = (...[image, kernels, bias]: Value[]) => conv2d(image, kernels, bias, options);
    const plain = await runWithGradients(build, inputs, plainTarget);
    const blocked = await runWithGradients(build, inputs, { device: 'cpu', channelBlock: block });
    for (const name of Object.keys(plain)) expectClose(blocked[name], plain[name], 1e-5, name);
  });
  await fc.assert(property, { numRuns: 40, seed: 1 });
});

test.skipIf(block === 0)('a convolution to a block of channels is computed in blocks, to others it is not', () => {
  const [x, few] = [input('x', 'float32', [1, 3, 5, 5]), input('few', 'float32', [6, 3, 3, 3])];
  const many = input('many', 'float32', [block, 3, 3, 3]);
  const domains = (weight: Value) =>
    operationsUpTo(lower([conv2d(x, weight)], { device: 'cpu', channelBlock: block }))
      .filter(({ name }) => name === 'Conv')
      .map(({ domain }) => domain);
  expect(domains(few)).toEqual(['']);
  expect(domains(many)).toEqual(['com.microsoft.nchwc']);
});
