import { TextRecognizerError } from '../errors.ts';
import { initialParameters } from '../networks/training-context.ts';
import { Random } from '../random/random.ts';
import { Session, type SessionOptions, type Tensor } from '../runtime/session.ts';
import type { Optimizer } from './optimizers.ts';
import type { TrainingGraph } from './training-graph.ts';

export interface TrainingSessionOptions extends SessionOptions {
  /** Of the initial weights and of what dropout drops. */
  readonly seed: number;
  /** Decay of the moving average of the weights, e.g. 0.999; it begins smaller so that the start is soon forgotten. */
  readonly averagingDecay?: number;
}

export interface StepResult {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly metrics: Readonly<Record<string, number>>;
}

type State = Map<string, Float32Array>;

/** A training graph that is ready to run, with the state that goes from step to step. */
export class TrainingSession {
  readonly graph: TrainingGraph;
  readonly #session: Session;
  readonly #optimizer: Optimizer;
  readonly #options: TrainingSessionOptions;
  readonly #masks: Tensor[];
  /** The state, and the memory that the next state is written to; they change places after each step. */
  #state: State;
  #next: State;

  private constructor(session: Session, graph: TrainingGraph, optimizer: Optimizer, options: TrainingSessionOptions) {
    this.graph = graph;
    this.#session = session;
    this.#optimizer = optimizer;
    this.#options = options;
    this.#masks = graph.masks.map(({ shape }) => ({ data: new Uint8Array(shape.reduce((a, b) => a * b, 1)), shape }));
    this.#state = initialState(graph, options.seed);
    this.#next = new Map([...graph.state].map(([name, size]) => [name, new Float32Array(size)]));
  }

  static async open(
    graph: TrainingGraph,
    optimizer: Optimizer,
    options: TrainingSessionOptions,
  ): Promise<TrainingSession> {
    return new TrainingSession(await Session.load(graph.onnx, options), graph, optimizer, options);
  }

  /** One optimiser step, counted from 1, on one batch (the inputs of the loss). */
  async step(batch: Readonly<Record<string, Tensor>>, step: number, learningRate: number): Promise<StepResult> {
    this.#drawMasks(step);
    const results = await this.#session.run({ ...batch, ...this.#inputs(step, learningRate) }, this.#outputs());
    const { loss, gradientNorm, ...rest } = results;
    requireFinite(loss.data[0] as number, step, learningRate);
    [this.#state, this.#next] = [this.#next, this.#state];
    const metrics = Object.entries(rest).filter(([name]) => !name.startsWith('next.'));
    return {
      loss: loss.data[0] as number,
      gradientNorm: gradientNorm.data[0] as number,
      metrics: Object.fromEntries(metrics.map(([name, { data }]) => [name, Number(data[0])])),
    };
  }

  /** The state vectors by name; copy what must outlive the next step. */
  get state(): ReadonlyMap<string, Float32Array> {
    return this.#state;
  }

  /** Puts back a state that was saved; throws CHECKPOINT_INVALID when it is of another network or optimiser. */
  restore(state: ReadonlyMap<string, Float32Array>): void {
    for (const [name, target] of this.#state) {
      const saved = state.get(name);
      if (saved?.length !== target.length) {
        throw new TextRecognizerError(
          'CHECKPOINT_INVALID',
          `The checkpoint has ${saved?.length ?? 'no'} numbers as '${name}', the network ${target.length}: resume with the configuration that the run began with.`,
        );
      }
      target.set(saved);
    }
  }

  /** Begins with other weights than random ones, by name; those it does not have stay random. */
  setWeights(weights: ReadonlyMap<string, Float32Array>): void {
    const { parameters, statistics } = this.graph;
    const fill = (vector: Float32Array | undefined, parts: readonly { name: string; size: number }[]) => {
      if (vector)
        for (const [name, part] of slices(vector, parts, false))
          if (weights.get(name)?.length === part.length) part.set(weights.get(name)!);
    };
    fill(this.#state.get('parameters'), parameters);
    fill(this.#state.get('average'), parameters);
    fill(this.#state.get('statistics'), statistics);
  }

  /** The weights to serve, by name: averaged where the run averages, else as they are; copies. */
  servingWeights(): Map<string, Float32Array> {
    const { parameters, statistics } = this.graph;
    const vector = this.#state.get('average') ?? this.#state.get('parameters')!;
    const weights = slices(vector, parameters);
    if (statistics.length === 0) return weights;
    return new Map([...weights, ...slices(this.#state.get('statistics')!, statistics)]);
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  #inputs(step: number, learningRate: number): Record<string, Tensor> {
    const inputs: Record<string, Tensor> = { learningRate: scalarTensor(learningRate) };
    for (const [name, data] of this.#state) inputs[name] = { data, shape: [data.length] };
    let offset = 0;
    for (const { name, shape, size } of this.graph.parameters) {
      inputs[name] = { data: this.#state.get('parameters')!.subarray(offset, offset + size), shape };
      offset += size;
    }
    for (const [name, value] of Object.entries(this.#optimizer.scalars(step))) inputs[name] = scalarTensor(value);
    if (this.#state.has('average')) inputs.averagingShare = scalarTensor(this.#averagingShare(step));
    this.graph.masks.forEach(({ name }, i) => (inputs[name] = this.#masks[i]));
    return inputs;
  }

  #outputs(): Record<string, Tensor> {
    return Object.fromEntries([...this.#next].map(([name, data]) => [`next.${name}`, { data, shape: [data.length] }]));
  }

  /** 1 − decay, but at least 9 / (10 + step), as TensorFlow's ExponentialMovingAverage with num_updates. */
  #averagingShare(step: number): number {
    return Math.max(1 - (this.#options.averagingDecay ?? 0), 9 / (10 + step));
  }

  /** A function of seed, step and mask only, so that a resumed training drops the same. */
  #drawMasks(step: number): void {
    this.graph.masks.forEach(({ threshold }, i) => {
      fillKeepMask(this.#masks[i].data as Uint8Array, threshold, Random.of(this.#options.seed, maskStream, step, i));
    });
  }
}

const maskStream = 0x6d61736b;

/** One random byte for each element, four from each draw: 1 where it is at least the threshold. */
function fillKeepMask(mask: Uint8Array, threshold: number, random: Random): void {
  for (let i = 0; i < mask.length;) {
    let bits = random.uint32();
    for (const end = Math.min(i + 4, mask.length); i < end; i++) {
      mask[i] = (bits & 255) >= threshold ? 1 : 0;
      bits >>>= 8;
    }
  }
}

function initialState(graph: TrainingGraph, seed: number): State {
  const state: State = new Map([...graph.state].map(([name, size]) => [name, new Float32Array(size)]));
  const values = initialParameters(graph.parameters, seed);
  const parameters = state.get('parameters')!;
  for (const [name, part] of slices(parameters, graph.parameters, false)) part.set(values.get(name)!);
  state.get('average')?.set(parameters);
  const statistics = state.get('statistics');
  if (statistics) {
    const parts = slices(statistics, graph.statistics, false);
    for (const { name, initial } of graph.statistics) parts.get(name)!.fill(initial);
  }
  return state;
}

function slices(
  vector: Float32Array,
  parts: readonly { name: string; size: number }[],
  copy = true,
): Map<string, Float32Array> {
  let offset = 0;
  return new Map(
    parts.map(({ name, size }) => {
      const part = vector.subarray(offset, (offset += size));
      return [name, copy ? part.slice() : part];
    }),
  );
}

function scalarTensor(value: number): Tensor {
  return { data: Float32Array.of(value), shape: [] };
}

function requireFinite(loss: number, step: number, learningRate: number): void {
  if (Number.isFinite(loss)) return;
  throw new TextRecognizerError(
    'TRAINING_DIVERGED',
    `The loss is ${loss} in step ${step} (learning rate ${learningRate}): lower the learning rate, warm up longer or clip the gradient.`,
  );
}
