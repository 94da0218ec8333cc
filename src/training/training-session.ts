import { TextRecognizerError } from '../errors.ts';
import { initialParameters } from '../networks/training-context.ts';
import { Random } from '../random/random.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { Optimizer } from './optimizer.ts';
import type { ReplicaExchange } from './replicas/replica-exchange.ts';
import { ReplicaStep } from './replicas/replica-step.ts';
import type { TrainingGraph } from './training-graph.ts';
import { weightsToSet } from './weights-to-set.ts';

export interface TrainingSessionOptions extends SessionOptions {
  /** Of the initial weights and of what dropout drops. */
  readonly seed: number;
  /** Decay of the moving average of the weights, e.g. 0.999; it begins smaller so that the start is soon forgotten. */
  readonly averagingDecay?: number;
  /** The graph for batches of another shape, by the batch's `shape`; it must have the parameters and the state of the first. */
  readonly graphFor?: (shape: string) => TrainingGraph;
  /** The other replicas of this training; then graphs are split. */
  readonly exchange?: ReplicaExchange;
}

/** Which part of a batch that several replicas share this one has; `first` is the place of its first item. */
export interface BatchPart {
  readonly items: number;
  readonly first?: number;
}

export interface StepResult {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Items of all replicas together; undefined where there are no others. */
  readonly items?: number;
}

type State = Map<string, Float32Array>;

/** A graph for one shape of batches, ready to run. */
interface ShapedGraph {
  readonly graph: TrainingGraph;
  readonly session: Session;
  readonly masks: readonly Tensor[];
}

/** Training graphs that are ready to run, one for each shape of batches, with the state that goes from step to step. */
export class TrainingSession {
  readonly graph: TrainingGraph;
  readonly #shaped: Map<string, ShapedGraph>;
  readonly #optimizer: Optimizer;
  readonly #together: ReplicaStep | undefined;
  readonly #options: TrainingSessionOptions;
  /** The state, and the memory that the next state is written to; they change places after each step. */
  #state: State;
  #next: State;

  private constructor(
    first: ShapedGraph,
    optimizer: Optimizer,
    together: ReplicaStep | undefined,
    options: TrainingSessionOptions,
  ) {
    const { graph } = first;
    this.#together = together;
    this.graph = graph;
    this.#shaped = new Map([[firstShape, first]]);
    this.#optimizer = optimizer;
    this.#options = options;
    this.#state = initialState(graph, options.seed);
    this.#next = new Map([...graph.state].map(([name, size]) => [name, new Float32Array(size)]));
  }

  static async open(
    graph: TrainingGraph,
    optimizer: Optimizer,
    options: TrainingSessionOptions,
  ): Promise<TrainingSession> {
    const first = await loadShaped(graph, options);
    const { exchange } = options;
    const together = exchange && (await ReplicaStep.open(graph, first.session, exchange, options));
    return new TrainingSession(first, optimizer, together, options);
  }

  /** One optimiser step, counted from 1, on one batch (the inputs of the loss); `shape` names it for `graphFor`. */
  async step(
    batch: Readonly<Record<string, Tensor>>,
    step: number,
    learningRate: number,
    shape = firstShape,
    part: BatchPart = { items: 1 },
  ): Promise<StepResult> {
    // A share of a small batch may be empty.
    const shaped = part.items > 0 ? await this.#shapedGraph(shape) : undefined;
    if (shaped) this.#drawMasks(shaped, step, part);
    const inputs = { ...batch, ...this.#inputs(shaped, step, learningRate) };
    const { results, items } = this.#together
      ? await this.#together.run(shaped?.session, inputs, part.items, this.#outputs())
      : { results: await shaped!.session.run(inputs, this.#outputs()), items: undefined };
    const { loss, gradientNorm, ...rest } = results;
    requireFinite(loss.data[0] as number, gradientNorm.data[0] as number, step, learningRate);
    [this.#state, this.#next] = [this.#next, this.#state];
    const metrics = Object.entries(rest).filter(([name]) => !name.startsWith('next.'));
    return {
      loss: loss.data[0] as number,
      gradientNorm: gradientNorm.data[0] as number,
      metrics: Object.fromEntries(metrics.map(([name, { data }]) => [name, Number(data[0])])),
      items,
    };
  }

  /** The state vectors by name; copy what must outlive the next step. */
  get state(): ReadonlyMap<string, Float32Array> {
    return this.#state;
  }

  /** Puts back a state that was saved; throws CHECKPOINT_INVALID when it is of another network or optimiser. */
  restore(state: ReadonlyMap<string, Float32Array>): void {
    for (const name of new Set([...this.#state.keys(), ...state.keys()])) {
      const [saved, wanted] = [state.get(name)?.length, this.#state.get(name)?.length];
      if (saved === wanted) continue;
      throw new TextRecognizerError(
        'CHECKPOINT_INVALID',
        `The checkpoint has ${saved ?? 'no'} numbers as '${name}', the training ${wanted ?? 'none'}: resume with the configuration that the run began with.`,
      );
    }
    for (const [name, target] of this.#state) target.set(state.get(name)!);
  }

  /**
   * Begins with other weights than random ones, by name; those whose names begin with one of `fresh` stay random. Throws
   * SHAPE_MISMATCH, and sets none, when any other is missing, of another size or unknown.
   */
  setWeights(weights: ReadonlyMap<string, Float32Array>, fresh?: readonly string[]): void {
    const { parameters, statistics } = this.graph;
    const chosen = weightsToSet([...parameters, ...statistics], weights, fresh);
    const fill = (vector: Float32Array | undefined, parts: readonly { name: string; size: number }[]) => {
      if (!vector) return;
      for (const [name, part] of slices(vector, parts, false)) part.set(chosen.get(name) ?? part);
    };
    fill(this.#state.get('parameters'), parameters);
    fill(this.#state.get('average'), parameters);
    fill(this.#state.get('statistics'), statistics);
  }

  /** The weights to serve, by name: averaged where the run averages, otherwise as they are; copies. */
  servingWeights(): Map<string, Float32Array> {
    const { parameters, statistics } = this.graph;
    const vector = this.#state.get('average') ?? this.#state.get('parameters')!;
    const weights = slices(vector, parameters);
    if (statistics.length === 0) return weights;
    return new Map([...weights, ...slices(this.#state.get('statistics')!, statistics)]);
  }

  async close(): Promise<void> {
    for (const { session } of this.#shaped.values()) await session.close();
    await this.#together?.close();
  }

  /** Made when its shape first comes, and kept. */
  async #shapedGraph(shape: string): Promise<ShapedGraph> {
    const known = this.#shaped.get(shape);
    if (known) return known;
    const { graphFor } = this.#options;
    if (!graphFor)
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `The training has no graph for batches of shape '${shape}': open it with graphFor.`,
      );
    const graph = graphFor(shape);
    requireSameState(this.graph, graph, shape);
    const shaped = await loadShaped(graph, this.#options);
    this.#shaped.set(shape, shaped);
    return shaped;
  }

  #inputs(shaped: ShapedGraph | undefined, step: number, learningRate: number): Record<string, Tensor> {
    const inputs: Record<string, Tensor> = { learningRate: scalarTensor(learningRate) };
    for (const [name, data] of this.#state) inputs[name] = { data, shape: [data.length] };
    let offset = 0;
    for (const { name, shape, size } of this.graph.parameters) {
      inputs[name] = { data: this.#state.get('parameters')!.subarray(offset, offset + size), shape };
      offset += size;
    }
    for (const [name, value] of Object.entries(this.#optimizer.scalars(step))) inputs[name] = scalarTensor(value);
    if (this.#state.has('average')) inputs.averagingShare = scalarTensor(this.#averagingShare(step));
    shaped?.graph.masks.forEach(({ name }, i) => (inputs[name] = shaped.masks[i]));
    return inputs;
  }

  #outputs(): Record<string, Tensor> {
    return Object.fromEntries([...this.#next].map(([name, data]) => [`next.${name}`, { data, shape: [data.length] }]));
  }

  /** 1 − decay, but at least 9 / (10 + step), as TensorFlow's ExponentialMovingAverage with num_updates. */
  #averagingShare(step: number): number {
    return Math.max(1 - (this.#options.averagingDecay ?? 0), 9 / (10 + step));
  }

  /**
   * A function of seed, step and mask only, so that a resumed training drops the same, and of the item's place in the batch, so that
   * replicas together drop what one would.
   */
  #drawMasks({ graph, masks }: ShapedGraph, step: number, { items, first = 0 }: BatchPart): void {
    graph.masks.forEach(({ threshold, shape }, i) => {
      const mask = masks[i].data as Uint8Array;
      // Where items are not the first axis, what others drop is not known here; it is other chances then.
      const isByItem = shape[0] === items;
      const stream = isByItem || first === 0 ? [i] : [i, first];
      const random = Random.of(this.#options.seed, maskStream, step, ...stream);
      fillKeepMask(mask, threshold, random, isByItem ? first * (mask.length / items) : 0);
    });
  }
}

const maskStream = 0x6d61736b;
/** The shape of batches that do not name theirs: what the training was opened with. */
const firstShape = '';

async function loadShaped(graph: TrainingGraph, options: SessionOptions): Promise<ShapedGraph> {
  const masks = graph.masks.map(({ shape }) => ({ data: new Uint8Array(shape.reduce((a, b) => a * b, 1)), shape }));
  return { graph, session: await Session.load(graph.onnx, options), masks };
}

/** Graphs over one state must agree on what is where in its vectors. */
function requireSameState(first: TrainingGraph, other: TrainingGraph, shape: string): void {
  const layout = ({ parameters, statistics, state }: TrainingGraph) =>
    JSON.stringify([
      parameters.map(({ name, shape }) => [name, shape]),
      statistics.map(({ name, size }) => [name, size]),
      [...state],
    ]);
  if (layout(first) === layout(other)) return;
  throw new TextRecognizerError(
    'SHAPE_MISMATCH',
    `The graph for batches of shape '${shape}' has other parameters than the first: a network's parameters must not depend on the batch.`,
  );
}

/** One random byte for each element, four from each draw, `skipped` passed over: 1 where it is at least the threshold. */
function fillKeepMask(mask: Uint8Array, threshold: number, random: Random, skipped: number): void {
  for (let at = 0; at < skipped + mask.length; at += 4) {
    let bits = random.uint32();
    for (let i = at - skipped; i < Math.min(at + 4 - skipped, mask.length); i++) {
      if (i >= 0) mask[i] = (bits & 255) >= threshold ? 1 : 0;
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

function requireFinite(loss: number, gradientNorm: number, step: number, learningRate: number): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return;
  const what = Number.isFinite(loss) ? `The gradient's norm is ${gradientNorm}` : `The loss is ${loss}`;
  throw new TextRecognizerError(
    'TRAINING_DIVERGED',
    `${what} in step ${step} (learning rate ${learningRate}): lower the learning rate, warm up longer or clip the gradient.`,
  );
}
