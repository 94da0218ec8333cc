import { Session, type SessionOptions } from '../../runtime/session.ts';
import type { Tensor } from '../../runtime/tensor.ts';
import type { TrainingGraph } from '../training-graph.ts';
import type { ReplicaExchange } from './replica-exchange.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/** Names of what a split graph gives that is no metric. */
const vectors = new Set(['loss', 'gradient', 'batchStatistics']);

/**
 * An optimiser step that replicas take together: each computes the mean gradient of its share of the batch, then all of them take the step
 * of the mean over the whole batch, each for itself. Losses are means over items, so the mean weighted by items is the gradient of the
 * whole batch; statistics of batch normalisation are those of each share, and their mean is kept.
 */
export class ReplicaStep {
  readonly #exchange: ReplicaExchange;
  readonly #update: Session;
  readonly #metrics: readonly string[];
  readonly #gradient: number;
  readonly #statistics: number;
  /** Gradient, statistics of the batch and loss, each times the items; then metrics, and how many items there are. */
  readonly #shared: Float32Array;

  private constructor(graph: TrainingGraph, update: Session, metrics: readonly string[], exchange: ReplicaExchange) {
    this.#exchange = exchange;
    this.#update = update;
    this.#metrics = metrics;
    this.#gradient = sizeOf(graph.parameters);
    this.#statistics = sizeOf(graph.statistics);
    this.#shared = new Float32Array(this.#gradient + this.#statistics + 1 + metrics.length + 1);
  }

  /** Of a graph that is split, which `session` runs. */
  static async open(
    graph: TrainingGraph,
    session: Session,
    exchange: ReplicaExchange,
    options: SessionOptions,
  ): Promise<ReplicaStep> {
    const metrics = session.outputNames.filter((name) => !vectors.has(name));
    return new ReplicaStep(graph, await Session.load(graph.update!, options), metrics, exchange);
  }

  /**
   * The loss, metrics and norm of the gradient of all, with the items that they are of; the next state is written to `into`. A replica without items
   * has no `session`.
   */
  async run(
    session: Session | undefined,
    inputs: Tensors,
    items: number,
    into: Tensors,
  ): Promise<{ results: Tensors; items: number }> {
    const shared = this.#shared;
    if (session && items > 0) this.#put(await session.run(inputs), items);
    else shared.fill(0);
    await this.#exchange.sum(shared);
    const total = shared[shared.length - 1];
    const means = shared.subarray(0, this.#gradient + this.#statistics + 1);
    for (let i = 0; i < means.length; i++) means[i] /= total;
    const [gradient, batchStatistics] = [means.slice(0, this.#gradient), means.slice(this.#gradient, -1)];
    const updated = await this.#update.run(
      { ...inputs, gradient: tensorOf(gradient), batchStatistics: tensorOf(batchStatistics) },
      into,
    );
    const metrics = this.#metrics.map((name, i) => [
      name,
      tensorOf(shared.subarray(means.length + i, means.length + i + 1)),
    ]);
    return { results: { ...updated, loss: tensorOf(means.slice(-1)), ...Object.fromEntries(metrics) }, items: total };
  }

  async close(): Promise<void> {
    await this.#update.close();
  }

  #put(results: Tensors, items: number): void {
    let at = 0;
    for (const part of [results.gradient, results.batchStatistics, results.loss]) {
      const data = (part?.data ?? []) as Float32Array;
      for (let i = 0; i < data.length; i++) this.#shared[at + i] = items * data[i];
      at += data.length;
    }
    for (const name of this.#metrics) this.#shared[at++] = Number(results[name].data[0]);
    this.#shared[at] = items;
  }
}

function sizeOf(parts: readonly { size: number }[]): number {
  return parts.reduce((total, { size }) => total + size, 0);
}

function tensorOf(data: Float32Array): Tensor {
  return { data, shape: [data.length] };
}
