import { expect, test, vi } from 'vitest';
import { add, multiply } from '../graph/elementwise.ts';
import { sum } from '../graph/reduce.ts';
import { cast } from '../graph/cast.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { input } from '../graph/value.ts';
import { Session } from './session.ts';

const a = input('a', 'float32', ['batch', 2]);
const b = input('b', 'uint8', ['batch', 2]);
const model = toOnnx({ product: multiply(a, cast(b, 'float32')), total: sum(add(a, 1)) });
const feeds = {
  a: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] },
  b: { data: Uint8Array.of(2, 0, 1, 255), shape: [2, 2] },
};

test('a session names its inputs and outputs and computes', async () => {
  const session = await Session.load(model, { threads: 1 });
  expect(session.inputNames.toSorted()).toEqual(['a', 'b']);
  expect(session.outputNames).toEqual(['product', 'total']);
  expect([...session.outputShapes]).toEqual([
    ['product', ['batch', 2]],
    ['total', []],
  ]);
  const results = await session.run(feeds);
  expect(results.product).toEqual({ data: Float32Array.of(2, 0, 3, 1020), shape: [2, 2] });
  expect(results.total).toEqual({ data: Float32Array.of(14), shape: [] });
  await session.close();
});

test('an output can be written to given memory', async () => {
  const session = await Session.load(model, { threads: 1 });
  const product = { data: new Float32Array(4), shape: [2, 2] };
  const results = await session.run(feeds, { product });
  expect(results.product).toBe(product);
  expect(product.data).toEqual(Float32Array.of(2, 0, 3, 1020));
  expect(results.total.data).toEqual(Float32Array.of(14));
  await session.close();
});

test('what is not an ONNX file is MODEL_INVALID', async () => {
  const error = { name: 'TextRecognizerError', code: 'MODEL_INVALID' };
  await expect(Session.load(Uint8Array.of(1, 2, 3))).rejects.toMatchObject(error);
  await expect(Session.load(model.subarray(0, model.length >> 1))).rejects.toMatchObject(error);
  await expect(Session.load(new Uint8Array())).rejects.toMatchObject(error);
});

test('the variable TEXT_RECOGNIZER_THREADS says how many where no number is given', async () => {
  vi.stubEnv('TEXT_RECOGNIZER_THREADS', 'two');
  await expect(Session.load(model)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await (await Session.load(model, { threads: 1 })).close();
  vi.unstubAllEnvs();
});

test.each([0, -1, 1.5, 1025, NaN])('%s threads are INVALID_ARGUMENT', async (threads) => {
  await expect(Session.load(model, { threads })).rejects.toThrow(
    `threads must be a whole number from 1 to 1024, got ${threads}.`,
  );
});

test.each([
  ['nothing', { a: feeds.a }],
  ['4 × uint8 as [1, 4]', { ...feeds, b: { ...feeds.b, shape: [1, 4] } }],
  ['4 × uint8 as [4]', { ...feeds, b: { ...feeds.b, shape: [4] } }],
  ['4 × uint8 as [3, 2]', { ...feeds, b: { ...feeds.b, shape: [3, 2] } }],
  ['4 × float32 as [2, 2]', { ...feeds, b: feeds.a }],
])('%s instead of an input is INVALID_ARGUMENT', async (got, wrong) => {
  const session = await Session.load(model, { threads: 1 });
  const message = `The graph's input 'b' takes uint8 [batch, 2], got ${got}.`;
  await expect(session.run(wrong as typeof feeds)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
  await session.close();
});
