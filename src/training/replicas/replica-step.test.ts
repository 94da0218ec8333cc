import { afterEach, expect, test } from 'vitest';
import { multiply } from '../../graph/elementwise.ts';
import { mean, sum } from '../../graph/reduce.ts';
import { portableTarget } from '../../graph/target.ts';
import { reshape } from '../../graph/reshape.ts';
import { input } from '../../graph/value.ts';
import { filled } from '../../networks/initializers.ts';
import { createOptimizer, optimizerConfig } from '../optimizers.ts';
import { trainingGraph, type LossBuilder } from '../training-graph.ts';
import { TrainingSession } from '../training-session.ts';
import { FirstReplica } from './first-replica.ts';
import { OtherReplica } from './other-replica.ts';
import type { ReplicaExchange } from './replica-exchange.ts';

/** The mean of w·x over the items, with w = 2 at the beginning; their mean is a statistic, as batch normalisation has it. */
const lossOf =
  (items: number): LossBuilder =>
  (context) => {
    const weight = context.parameter('weight', [1], filled(2));
    const x = input('x', 'float32', [items]);
    context.statistic('mean', 1, 0, () => reshape(mean(x), [1]));
    return { loss: mean(multiply(x, weight)), metrics: { total: sum(x) } };
  };

const optimizer = createOptimizer(optimizerConfig.parse({ kind: 'sgd' }));
const open = (exchange: ReplicaExchange, clipNorm?: number) => {
  const graphFor = (items: string) =>
    trainingGraph(lossOf(Number(items)), {
      optimizer,
      target: portableTarget,
      averaging: false,
      clipNorm,
      split: true,
    });
  return TrainingSession.open(graphFor('1'), optimizer, { seed: 1, threads: 1, graphFor, exchange });
};

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const { close } of closing.splice(0).toReversed()) await close();
});

async function replicas(count: number): Promise<[FirstReplica, ...OtherReplica[]]> {
  const first = await FirstReplica.open('tcp://127.0.0.1:*', count);
  const ranks = Array.from({ length: count - 1 }, (_, i) => i + 1);
  const others = await Promise.all(ranks.map((rank) => OtherReplica.open(first.address, rank, count)));
  for (const replica of [first, ...others]) closing.push({ close: () => replica.close() });
  return [first, ...others];
}

/** One step of all, each with its items. */
async function stepTogether(shares: readonly (readonly number[])[], clipNorm?: number) {
  const [first, ...others] = await replicas(shares.length);
  const sessions = await Promise.all([first, ...others].map((replica) => open(replica, clipNorm)));
  for (const session of sessions) closing.push({ close: () => session.close() });
  const starts = others.map((other) => other.begin('same'));
  await first.begin('same', { epoch: 1, stepInEpoch: 0, step: 0, state: sessions[0].state });
  await Promise.all(starts);
  const results = await Promise.all(
    sessions.map((session, rank) => {
      const x = { data: Float32Array.from(shares[rank]), shape: [shares[rank].length] };
      return session.step({ x }, 1, 0.5, String(shares[rank].length), { items: shares[rank].length });
    }),
  );
  return results.map(({ loss, gradientNorm, metrics, items }, rank) => {
    const { state } = sessions[rank];
    const [weight, statistic] = [state.get('parameters')![0], state.get('statistics')![0]];
    return { loss, gradientNorm, metrics, items, weight, statistic };
  });
}

test('a step is that of the whole batch, also of unequal and empty shares', async () => {
  // Σx / 4 = 4 is the gradient, and the loss 2 · 4; 2 − 0.5 · 4 = 0. Statistics move by a tenth.
  const whole = {
    loss: 8,
    gradientNorm: 4,
    metrics: { total: 16 },
    items: 4,
    weight: 0,
    statistic: expect.closeTo(0.4, 6),
  };
  expect(await stepTogether([[1, 2], [3, 10]])).toEqual([whole, whole]); // prettier-ignore
  expect(await stepTogether([[1, 2, 3], [10]])).toEqual([whole, whole]);
  expect(await stepTogether([[1, 2, 3, 10], []])).toEqual([whole, whole]);
  expect(await stepTogether([[1], [2, 3], [10]])).toEqual([whole, whole, whole]);
});

test('the gradient of the whole batch is clipped', async () => {
  // To 1: 2 − 0.5 · 1.
  const [{ weight, gradientNorm }] = await stepTogether([[1, 2], [3, 10]], 1); // prettier-ignore
  expect([weight, gradientNorm]).toEqual([expect.closeTo(1.5, 6), 4]);
});

test('replicas that train something else, or twice the same rank, are refused', async () => {
  const start = { epoch: 1, stepInEpoch: 0, step: 0, state: new Map() };
  const refusal = async (config: string, other: OtherReplica, first: FirstReplica) => {
    const refused = expect(other.begin(config)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(first.begin('same', start)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await refused;
  };
  const [first, other] = await replicas(2);
  await refusal('other', other, first);
  const [another] = await replicas(3);
  const wrong = await OtherReplica.open(another.address, 5, 3);
  closing.push({ close: () => wrong.close() });
  await refusal('same', wrong, another);
});

test('who waits for the others can be interrupted', async () => {
  const [first] = await replicas(3);
  const interrupt = new AbortController();
  const begun = first.begin('same', { epoch: 1, stepInEpoch: 0, step: 0, state: new Map() }, interrupt.signal);
  interrupt.abort();
  expect(await begun).toBe(false);
});

test('all are told when one is gone', async () => {
  const [first, gone, waiting] = await replicas(3);
  const start = { epoch: 1, stepInEpoch: 0, step: 0, state: new Map() };
  const starts = [gone, waiting].map((other) => other.begin('same'));
  await first.begin('same', start);
  await Promise.all(starts);
  const sums = [first.sum(new Float32Array(1)), waiting.sum(new Float32Array(1))];
  const told = Promise.all(sums.map((sum) => expect(sum).rejects.toMatchObject({ code: 'REPLICA_LOST' })));
  gone.close();
  await expect(sums[0]).rejects.toMatchObject({ code: 'REPLICA_LOST' });
  first.close();
  await told;
});

test('says what is wrong with an address', async () => {
  await expect(FirstReplica.open('tcp://nowhere.invalid:1', 2)).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE' });
  await expect(OtherReplica.open('host', 1, 2)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
