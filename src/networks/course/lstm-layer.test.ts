import { expect, test } from 'vitest';
import { expectClose } from '../../graph/testing/check-gradient.ts';
import { hashedTensor } from '../../graph/testing/hashed-values.ts';
import { feedsOf, inputValues, runGraph } from '../../graph/testing/run-graph.ts';
import { input, type Value } from '../../graph/value.ts';
import { Random } from '../../random/random.ts';
import type { LayerContext } from '../layer-context.ts';
import { lstmLayer } from './lstm-layer.ts';
import { ServingContext } from '../serving-context.ts';
import { initialParameters, TrainingContext } from '../training-context.ts';

const options = { units: 5, layers: 3, bidirectional: true };

test('three layers in both directions are served as they are trained', async () => {
  const x = hashedTensor([2, 9, 4], 1);
  const build = (context: LayerContext, value: Value) => lstmLayer(context, 'read', value, options);
  const [value] = inputValues([x]);
  const context = new TrainingContext();
  const trained = build(context, value);
  expect(trained.shape).toEqual([2, 9, 10]);

  const weights = initialParameters(context.parameters, 1);
  const feeds = context.parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, shape }] as const);
  const { y } = await runGraph({ y: trained }, { ...feedsOf([x]), ...Object.fromEntries(feeds) });
  const { served } = await runGraph({ served: build(new ServingContext(weights), value) }, feedsOf([x]));
  expectClose(served, y, 1e-5, 'lstm');
});

test('the time of a served layer may be known only when it runs', async () => {
  const context = new TrainingContext();
  lstmLayer(context, 'read', inputValues([hashedTensor([1, 2, 3], 1)])[0], options);
  const weights = new ServingContext(initialParameters(context.parameters, 1));
  const x = input('x', 'float32', ['batch', 'time', 3]);
  const y = lstmLayer(weights, 'read', x, options);
  expect(y.shape).toEqual(['batch', 'time', 10]);
  for (const shape of [
    [1, 7, 3],
    [2, 4, 3],
  ]) {
    const { y: result } = await runGraph({ y }, { x: hashedTensor(shape, 1) });
    expect(result.shape).toEqual([...shape.slice(0, 2), 10]);
  }
});

test('parameters, and where an LSTM begins', () => {
  const context = new TrainingContext();
  const [x] = inputValues([hashedTensor([2, 3, 7], 1)]);
  lstmLayer(context, 'lstm', x, { units: 2 });
  expect(context.parameters.map(({ name, shape, decay }) => [name, shape, decay])).toEqual([
    ['lstm.1.forward.input', [7, 8], true],
    ['lstm.1.forward.recurrent', [2, 8], true],
    ['lstm.1.forward.bias', [8], false],
  ]);
  const bias = new Float32Array(8);
  context.parameters[2].initializer(bias, new Random(1));
  expect([...bias]).toEqual([0, 0, 0, 0, 1, 1, 0, 0]);
});

test('dropout falls between layers only', () => {
  const context = new TrainingContext();
  const [x] = inputValues([hashedTensor([2, 3, 7], 1)]);
  lstmLayer(context, 'lstm', x, { units: 2, layers: 3, dropout: 0.5, bidirectional: true });
  expect(context.masks.map(({ shape }) => shape)).toEqual([
    [3, 2, 4],
    [3, 2, 4],
  ]);
});
