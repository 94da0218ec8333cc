import { once } from 'node:events';
import { characterCnn } from '../networks/character-cnn.ts';
import { forkModule } from '../runtime/fork-module.ts';
import { FirstReplica } from '../training/replicas/first-replica.ts';
import { OtherReplica } from '../training/replicas/other-replica.ts';
import { characterTraining } from './character-training.ts';
import { median } from '../images/median.ts';
import type { BenchmarkOptions, Figures } from './measure.ts';

/**
 * Training `character-cnn` with two replicas of one thread and half a batch each, against one process with two threads: in turns of single
 * steps, so that other work on the machine meets both. Medians.
 */
export async function benchReplicas({ batch = 256, seconds }: BenchmarkOptions): Promise<Figures> {
  const network = characterCnn({ classes: 62 });
  const half = batch / 2;
  const replica = await FirstReplica.open('tcp://127.0.0.1:*', 2);
  const child = forkModule(new URL('./replica-training.process.ts', import.meta.url), {}, [
    replica.address,
    String(half),
  ]);
  const alone = await characterTraining(network, batch, { threads: 2 });
  const own = await characterTraining(network, half, { threads: 1, exchange: replica });
  await replica.begin('benchmark', { epoch: 1, stepInEpoch: 0, step: 0, state: own.session.state });

  const times = { alone: [] as number[], together: [] as number[] };
  let step = 0;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end || step < 5;) {
    step += 1;
    times.alone.push(await timeOf(() => alone.session.step(alone.inputs, step, 1e-3)));
    times.together.push(await timeOf(() => own.session.step(own.inputs, step, 1e-3, undefined, { items: half })));
  }
  await replica.end();
  await once(child, 'exit');
  for (const { session } of [alone, own]) await session.close();
  replica.close();
  // The first two warm up.
  const [aloneMs, togetherMs] = [times.alone, times.together].map((all) => median(all.slice(2)));
  return { oneProcessMs: aloneMs, twoReplicasMs: togetherMs, speedup: aloneMs / togetherMs, steps: step };
}

/**
 * What it costs to add up the gradients of `line-recognizer` (2.33 million numbers) over 2, 4 and 8 replicas that do nothing else, all in this
 * process: as much as all of them together need on one core.
 */
export async function benchReplicaExchange({ seconds }: BenchmarkOptions): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const count of [2, 4, 8]) figures[`replicas${count}Ms`] = await exchangeTime(count, 2_330_000, seconds / 3);
  return figures;
}

async function exchangeTime(count: number, numbers: number, seconds: number): Promise<number> {
  const first = await FirstReplica.open('tcp://127.0.0.1:*', count);
  const ranks = Array.from({ length: count - 1 }, (_, i) => i + 1);
  const others = await Promise.all(ranks.map((rank) => OtherReplica.open(first.address, rank, count)));
  const begun = others.map((other) => other.begin('benchmark'));
  await first.begin('benchmark', { epoch: 1, stepInEpoch: 0, step: 0, state: new Map() });
  await Promise.all(begun);
  const all = [first, ...others].map((replica) => ({ replica, vector: new Float32Array(numbers) }));
  const times: number[] = [];
  for (const end = performance.now() + 1000 * seconds; performance.now() < end || times.length < 5;) {
    times.push(await timeOf(() => Promise.all(all.map(({ replica, vector }) => replica.sum(vector)))));
  }
  for (const replica of [...others, first]) replica.close();
  return median(times.slice(2));
}

async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await action();
  return performance.now() - before;
}
