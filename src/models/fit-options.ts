import type { SessionOptions } from '../runtime/session.ts';
import type { Callback } from '../training/callback.ts';
import type { OptimizerInput } from '../training/optimizers.ts';
import type { Schedule } from '../training/schedules.ts';

/** How any model is fitted. */
export interface FitOptions extends SessionOptions {
  /** The folder of the run; a run that was interrupted there goes on. */
  readonly folder: string;
  readonly epochs: number;
  readonly optimizer: OptimizerInput;
  readonly schedule: Schedule;
  readonly seed: number;
  /** Decay of the weights' moving average, e.g. 0.999; none when left out. */
  readonly averagingDecay?: number;
  readonly clipNorm?: number;
  readonly loaderThreads?: number;
  readonly callbacks?: readonly Callback[];
  readonly checkpointSeconds?: number;
  readonly signal?: AbortSignal;
  readonly onNotice?: (message: string) => void;
  /** Weights to begin with, by name. */
  readonly initialWeights?: ReadonlyMap<string, Float32Array>;
  /** Weights whose names begin with one of these stay random all the same, e.g. `logits` for other classes. */
  readonly freshWeights?: readonly string[];
}
