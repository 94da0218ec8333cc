import { describe, expect, test } from 'vitest';
import { Session } from '../runtime/session.ts';
import { relu } from './activation.ts';
import { matmul } from './dense.ts';
import { add, multiply, subtract } from './elementwise.ts';
import { sum } from './reduce.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { messages, readProtobuf, strings, type Message } from './testing/read-protobuf.ts';
import { runGraph } from './testing/run-graph.ts';
import { toOnnx } from './to-onnx.ts';
import { constant, input, operation, type Value } from './value.ts';

// Field numbers as in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const graphOf = (model: Message): Message => messages(model, 7)[0];
const operatorsOf = (graph: Message): string[] => messages(graph, 1).map((node) => strings(node, 4)[0]);

describe('the bytes, read by field number', () => {
  const x = input('x', 'float32', ['batch', 2]);
  const weight = constant(Float32Array.of(1, 2, -3, 0.5), [2, 2]);
  const raised = add(transpose(matmul(x, weight), [1, 0]), 2);
  const y = operation('LeakyRelu', [raised], raised, { attributes: { alpha: { float: 0.25 } } });
  const model = readProtobuf(toOnnx({ y }, { producer: 'a test', metadata: { classes: 'a b', licence: 'MIT' } }));
  const graph = graphOf(model);

  test('the model: IR version, producer, opset and metadata', () => {
    expect(model.get(1)).toEqual([9n]);
    expect(strings(model, 2)).toEqual(['a test']);
    expect(messages(model, 8).map((opset) => [strings(opset, 1)[0], opset.get(2)])).toEqual([['', [20n]]]);
    const metadata = messages(model, 14).map((entry) => [strings(entry, 1)[0], strings(entry, 2)[0]]);
    expect(metadata).toEqual([
      ['classes', 'a b'],
      ['licence', 'MIT'],
    ]);
  });

  test('the nodes in order, each with inputs that were named before', () => {
    expect(operatorsOf(graph)).toEqual(['MatMul', 'Transpose', 'Add', 'LeakyRelu']);
    const known = new Set([...strings(messages(graph, 11)[0], 1), ...messages(graph, 5).flatMap((c) => strings(c, 8))]);
    for (const node of messages(graph, 1)) {
      for (const name of strings(node, 1)) expect(known).toContain(name);
      strings(node, 2).forEach((name) => known.add(name));
    }
    expect(known).toContain('y');
  });

  test('attributes: whole numbers and fractions', () => {
    const [, transposition, , activation] = messages(graph, 1);
    const [perm] = messages(transposition, 5);
    expect(strings(perm, 1)).toEqual(['perm']);
    expect(perm.get(8)).toEqual([1n, 0n]);
    expect(perm.get(20)).toEqual([7n]);
    const [alpha] = messages(activation, 5);
    expect(strings(alpha, 1)).toEqual(['alpha']);
    expect(alpha.get(2)).toEqual([new Uint8Array(Float32Array.of(0.25).buffer)]);
    expect(alpha.get(20)).toEqual([1n]);
  });

  test('an initializer: sizes, type and little-endian data', () => {
    const [tensor] = messages(graph, 5);
    expect(tensor.get(1)).toEqual([2n, 2n]);
    expect(tensor.get(2)).toEqual([1n]);
    expect(tensor.get(9)).toEqual([new Uint8Array(Float32Array.of(1, 2, -3, 0.5).buffer)]);
  });

  test('input and output: type, fixed and named sizes', () => {
    const describeValue = (info: Message) => {
      const [tensor] = messages(messages(info, 2)[0], 1);
      const sizes = messages(messages(tensor, 2)[0], 1).map((dim) => dim.get(1)?.[0] ?? strings(dim, 2)[0]);
      return { name: strings(info, 1)[0], type: tensor.get(1)?.[0], sizes };
    };
    expect(describeValue(messages(graph, 11)[0])).toEqual({ name: 'x', type: 1n, sizes: ['batch', 2n] });
    expect(describeValue(messages(graph, 12)[0])).toEqual({ name: 'y', type: 1n, sizes: [2n, 'batch'] });
  });

  test("operators of ONNX Runtime's own bring their domain", () => {
    const target = { device: 'cpu', channelBlock: 0 } as const;
    const fused = operation('FusedMatMul', [x, weight], x, { domain: 'com.microsoft' });
    const opsets = messages(readProtobuf(toOnnx({ fused }, { target })), 8);
    expect(opsets.map((opset) => [strings(opset, 1)[0], opset.get(2)])).toEqual([
      ['', [20n]],
      ['com.microsoft', [1n]],
    ]);
  });
});

test('equal small constants are stored once, unlike ones each', () => {
  const x = input('x', 'float32', [2]);
  const row = () => constant(Float32Array.of(1, 2), [2]);
  const column = constant(Float32Array.of(1, 2), [2, 1]);
  const whole = constant(Int32Array.of(0, 0), [2]);
  const zero = constant(new Float32Array(2), [2]);
  const outputs = {
    y: [multiply(x, 2), add(x, 2), subtract(x, 2), add(x, 3), add(x, row()), multiply(x, row()), add(x, zero)].reduce(
      add,
    ),
    column: add(x, column),
    whole,
  };
  const names = messages(graphOf(readProtobuf(toOnnx(outputs))), 5).flatMap((tensor) => strings(tensor, 8));
  // 2, 3, the row, the column, zeros as float32 and as int32
  expect(new Set(names).size).toBe(6);
  expect(names).toHaveLength(6);
});

test('an output may be an input, a constant, or the same value twice', async () => {
  const x = input('x', 'float32', [2]);
  const y = relu(x);
  const results = await runGraph(
    { y, again: y, same: x, fixed: constant(Int32Array.of(7), [1]) },
    { x: { data: Float32Array.of(-1, 3), shape: [2] } },
  );
  expect(results.y.data).toEqual(Float32Array.of(0, 3));
  expect(results.again.data).toEqual(Float32Array.of(0, 3));
  expect(results.same.data).toEqual(Float32Array.of(-1, 3));
  expect(results.fixed.data).toEqual(Int32Array.of(7));
});

test('names that look like those of inner values are no trouble', async () => {
  const values = ['v0', 'v1', 'c0', 'c1', '/v'].map((name) => input(name, 'float32', []));
  const total = values.reduce((a, b) => add(multiply(a, 2), b));
  const feeds = Object.fromEntries(
    values.map(({ producer }, i) => [nameOf(producer), { data: Float32Array.of(i), shape: [] }]),
  );
  const results = await runGraph({ v2: total, v3: relu(total), c2: add(total, 1) }, feeds);
  // 0·16 + 1·8 + 2·4 + 3·2 + 4
  expect([results.v2, results.v3, results.c2].map(({ data }) => data[0])).toEqual([26, 26, 27]);
});

const nameOf = (producer: Value['producer']): string => (producer.kind === 'input' ? producer.name : '');

test('two inputs of one name are an error', () => {
  const twins = [input('x', 'float32', [2]), input('x', 'float32', [2])];
  expect(() => toOnnx({ y: add(twins[0], twins[1]) })).toThrow(
    "toOnnx: two inputs are named 'x'; give each a unique name.",
  );
});

test('an input and an output of one name are an error', () => {
  const x = input('x', 'float32', [2]);
  const message = "toOnnx: an input and an output are both named 'x'; give each a unique name.";
  expect(() => toOnnx({ x: relu(x) })).toThrow(message);
  expect(() => toOnnx({ x })).toThrow(message);
});

test('a file is the same bytes each time', () => {
  const make = () => {
    const x = input('x', 'float32', ['batch', 6]);
    return toOnnx({ y: sum(relu(reshape(x, ['batch', 2, 3])), [1]) });
  };
  expect(Buffer.compare(make(), make())).toBe(0);
});

test('a named size is bound when the graph runs', async () => {
  const x = input('x', 'float32', ['batch', 6]);
  const session = await Session.load(toOnnx({ y: sum(reshape(x, ['batch', 2, 3]), [2]) }), { threads: 1 });
  for (const batch of [1, 3]) {
    const { y } = await session.run({ x: { data: new Float32Array(6 * batch).fill(2), shape: [batch, 6] } });
    expect(y).toEqual({ data: new Float32Array(2 * batch).fill(6), shape: [batch, 2] });
  }
  await session.close();
});
