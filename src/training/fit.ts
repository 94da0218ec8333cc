import { createHash } from 'node:crypto';
import { trainingTarget } from '../runtime/channel-block.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import type { Callback } from './callback.ts';
import { createOptimizer, optimizerConfig, type OptimizerInput } from './optimizers.ts';
import { encodeSafetensors } from '../files/safetensors.ts';
import type { FirstReplica } from './replicas/first-replica.ts';
import { follow } from './replicas/follow.ts';
import type { OtherReplica } from './replicas/other-replica.ts';
import type { ReplicaExchange } from './replicas/replica-exchange.ts';
import type { Schedule } from './schedules.ts';
import { train, type BatchSource, type TrainingOutcome } from './trainer.ts';
import { trainingGraph, type LossBuilder } from './training-graph.ts';
import { TrainingSession } from './training-session.ts';

/** Something that can be trained: what the trainer must know of a task, its network and its data. */
export interface Trainable {
  /** What decides the result beside `FitOptions`, as JSON: a run can only be resumed with the same. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Any shape of batches, to lay out the state with; left out where all batches are of one shape. */
  readonly firstShape?: string;
  /** The loss of a batch of that shape; see `TrainingBatch.shape`. */
  loss(shape?: string): LossBuilder;
  batches(options: BatchingOptions): BatchSource;
  /** The ONNX file that serves the network with these weights. */
  servingGraph(weights: ReadonlyMap<string, Float32Array>): Uint8Array;
  /** Figures on held-out data, of a session of `servingGraph`. */
  validate(session: Session): Promise<Readonly<Record<string, number>>>;
}

/** How batches are made; nothing of it changes what is in them. */
export interface BatchingOptions {
  readonly threads?: number;
  readonly onNotice?: (message: string) => void;
  /** Makes only this of as many parts of each batch; see `BatchShare`. */
  readonly share?: { readonly index: number; readonly count: number };
}

/** What decides how anything is fitted, and on what. */
export interface FittingOptions extends SessionOptions {
  readonly epochs: number;
  readonly optimizer: OptimizerInput;
  readonly schedule: Schedule;
  readonly seed: number;
  /** Decay of the weights' moving average, e.g. 0.999; none when left out. */
  readonly averagingDecay?: number;
  readonly clipNorm?: number;
  readonly loaderThreads?: number;
  readonly onNotice?: (message: string) => void;
}

export interface FitOptions extends FittingOptions {
  /** The folder of the run; a run that was interrupted there resumes. */
  readonly folder: string;
  readonly callbacks?: readonly Callback[];
  readonly checkpointSeconds?: number;
  readonly signal?: AbortSignal;
  /** Weights to begin with, by name. */
  readonly initialWeights?: ReadonlyMap<string, Float32Array>;
  /** Weights whose names begin with one of these begin at random, e.g. `logits` for other classes. */
  readonly freshWeights?: readonly string[];
  /** This process as the first of several that train together. */
  readonly replica?: FirstReplica;
}

export interface FollowingOptions extends FittingOptions {
  readonly replica: OtherReplica;
}

/** Trains what can be trained, and reports its figures on held-out data after each epoch. */
export async function fit(trainable: Trainable, options: FitOptions): Promise<TrainingOutcome> {
  const { initialWeights, freshWeights, replica } = options;
  return await withTraining(trainable, options, async (session, source) => {
    if (initialWeights) session.setWeights(initialWeights, freshWeights);
    return await train(session, source, {
      ...options,
      callbacks: options.callbacks ?? [],
      config: runConfig(trainable, options),
      evaluate: (weights) => withServingSession(trainable, weights, options, (serving) => trainable.validate(serving)),
      together: replica && { replica, config: configOfReplicas(trainable, options) },
    });
  });
}

/** Trains along with the first of several replicas, which does all the rest; see `follow`. */
export async function fitAlong(trainable: Trainable, options: FollowingOptions): Promise<void> {
  const { epochs, schedule, replica } = options;
  const config = configOfReplicas(trainable, options);
  await withTraining(trainable, options, (session, source) =>
    follow(session, source, { epochs, schedule, replica, config }),
  );
}

/** Runs `use` with the training graphs and the batches. */
async function withTraining<T>(
  trainable: Trainable,
  options: Omit<FittingOptions, 'epochs' | 'schedule'> & { readonly replica?: ReplicaExchange },
  use: (session: TrainingSession, source: BatchSource) => Promise<T>,
): Promise<T> {
  const optimizer = createOptimizer(optimizerConfig.parse(options.optimizer));
  const target = await trainingTarget(options.device ?? 'cpu');
  const { clipNorm, onNotice, replica, loaderThreads } = options;
  const averaging = options.averagingDecay !== undefined;
  const graphOptions = { optimizer, target, clipNorm, averaging, split: replica !== undefined };
  const graphFor = (shape?: string) => trainingGraph(trainable.loss(shape), graphOptions);
  const sessionOptions = { ...options, graphFor, exchange: replica };
  const session = await TrainingSession.open(graphFor(trainable.firstShape), optimizer, sessionOptions);
  try {
    const share = replica && { index: replica.rank, count: replica.count };
    return await use(session, trainable.batches({ threads: loaderThreads, onNotice, share }));
  } finally {
    await session.close();
  }
}

/** Runs `use` with a session that serves the weights. */
export async function withServingSession<T>(
  trainable: Pick<Trainable, 'servingGraph'>,
  weights: ReadonlyMap<string, Float32Array>,
  { device, threads }: SessionOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await Session.load(trainable.servingGraph(weights), { device, threads });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** What all replicas must agree on; where the training begins, the first one tells the others. */
function configOfReplicas(trainable: Trainable, options: FittingOptions): string {
  const { epochs, optimizer, schedule, seed, averagingDecay, clipNorm } = options;
  const config = { ...trainable.identity, epochs, optimizer, schedule, seed, averagingDecay, clipNorm };
  return createHash('sha256').update(JSON.stringify(config)).digest('hex');
}

/** What decides the result; neither threads nor how often a run is saved do. */
function runConfig({ identity }: Trainable, options: FitOptions): unknown {
  const { epochs, optimizer, schedule, seed, averagingDecay, clipNorm, initialWeights, freshWeights } = options;
  const begin = initialWeights && createHash('sha256').update(encodeSafetensors(initialWeights)).digest('hex');
  return { ...identity, epochs, optimizer, schedule, seed, averagingDecay, clipNorm, begin, freshWeights };
}
