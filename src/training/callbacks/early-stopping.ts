import { z } from 'zod';
import type { Callback, EpochReport, JsonValue, TrainingControl } from '../callback.ts';
import { checkCount, checkOption } from './check-option.ts';
import { improves, type Monitor, readMetric } from './monitor.ts';
import { restoredState } from './restored-state.ts';

export interface EarlyStoppingOptions extends Monitor {
  /** Epochs without improvement after which the training ends; at least 1. */
  readonly patience: number;
  /** A change must be larger than this to be an improvement; default 0. */
  readonly minDelta?: number;
}

const stateSchema = z.strictObject({ best: z.number().nullable(), waited: z.int().nonnegative() });

/** Ends the training when a metric has not improved for `patience` epochs, or is no longer a finite number. */
export class EarlyStopping implements Callback {
  readonly name = 'early-stopping';
  readonly #options: EarlyStoppingOptions;
  readonly #minDelta: number;
  #best: number | undefined;
  #waited = 0;

  constructor(options: EarlyStoppingOptions) {
    this.#options = options;
    this.#minDelta = options.minDelta ?? 0;
    checkCount(this.name, 'patience', options.patience);
    checkOption(this.name, 'minDelta', this.#minDelta, this.#minDelta >= 0, '≥ 0');
  }

  onEpochEnd(report: EpochReport, control: TrainingControl): void {
    const { metric, patience } = this.#options;
    const value = readMetric(this.#options, report);
    if (!Number.isFinite(value)) return control.stop(`${metric} is ${value}`);
    if (improves(this.#options, value, this.#best, this.#minDelta)) {
      this.#best = value;
      this.#waited = 0;
      return;
    }
    this.#waited += 1;
    if (this.#waited < patience) return;
    control.stop(`${metric} has not improved on ${this.#best} for ${patience} epochs`);
  }

  state(): JsonValue {
    return { best: this.#best ?? null, waited: this.#waited };
  }

  restore(state: JsonValue): void {
    const { best, waited } = restoredState(this.name, stateSchema, state);
    this.#best = best ?? undefined;
    this.#waited = waited;
  }
}
