import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ctcLoss } from '../src/graph/ctc-loss.ts';
import { operationsUpTo } from '../src/graph/operations-up-to.ts';
import { lossCoefficients, runWithGradients } from '../src/graph/testing/run-graph.ts';
import { testTargets } from '../src/graph/testing/test-targets.ts';
import { input } from '../src/graph/value.ts';
import { createLineNetwork } from '../src/networks/create-line-network.ts';
import { createNetwork } from '../src/networks/create-network.ts';
import { TrainingContext } from '../src/networks/training-context.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/course/lab-3.md', import.meta.url)), 'utf8');

/** Layers that have weights or pool. */
const layers = new Set(['Conv', 'MaxPool', 'Gemm', 'MatMul', 'MatMulTransposed', 'LstmRecurrence']);

function shapesOf(name: string): string[] {
  const isLine = name.startsWith('line-');
  const network = isLine ? createLineNetwork(name, { classes: 80 }) : createNetwork(name, { classes: 62 });
  const images = input('images', 'float32', [1, 1, 28, isLine ? 952 : 28]);
  return operationsUpTo([network.build(new TrainingContext(), images)])
    .filter((operation) => layers.has(operation.name))
    .map((operation) => `${operation.name} [${operation.outputs[0].shape.join(', ')}]`);
}

const tables = [...page.matchAll(/^### (\S+)\n(.*?)(?=^###|(?![^]))/gms)].map(
  ([, name, section]) =>
    [
      name,
      [...section.matchAll(/^\| (\w+) \| (\[.*\]) \|$/gm)].map(([, layer, shape]) => `${layer} ${shape}`),
    ] as const,
);

test('there is a table for every network of the course', () => {
  expect(tables.map(([name]) => name)).toEqual([
    'mlp',
    'lenet',
    'line-cnn-sliding-window',
    'line-cnn-all-conv',
    'line-lstm-ctc',
    'line-lstm',
  ]);
});

test.each(tables)('lab 3 has the shapes of %s', (name, shapes) => expect(shapes).toEqual(shapesOf(name)));

/** The gradient of the logits of `a` (class 1) in three steps with all logits 0. */
async function gradientOf(text: readonly number[]): Promise<number[]> {
  const [[, target]] = await testTargets();
  const int32 = (values: readonly number[], shape: readonly number[]) => ({ data: Int32Array.from(values), shape });
  const inputs = [
    { data: new Float32Array(6), shape: [1, 3, 2] },
    int32(text, [1, text.length]),
    int32([3], [1]),
    int32([text.length], [1]),
  ];
  const { d0 } = await runWithGradients(
    (logits, labels, frames, lengths) => ctcLoss(logits, labels, frames, lengths),
    inputs,
    target,
  );
  // The helper's loss is the one of this item times a number of its own.
  const [coefficient] = lossCoefficients(input('y', 'float32', [1]));
  return [1, 3, 5].map((i) => Number(d0.data[i]) / coefficient);
}

test.each([
  ['aa', [1, 1]],
  ['a', [1]],
] as const)('lab 3 says how the loss reaches %s', async (text, labels) => {
  const row = page.match(new RegExp(`^\\| \`${text}\` \\|.*\\| (.*) \\| (.*) \\| (.*) \\|$`, 'm'))!;
  const shown = row.slice(1).map((cell) => Number(cell.replace('−', '-')));
  const found = await gradientOf(labels);
  expect(shown).toHaveLength(3);
  found.forEach((value, i) => expect(value).toBeCloseTo(shown[i], 4));
});
