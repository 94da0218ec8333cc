import { z } from 'zod';
import type { Callback, EpochReport, JsonValue, TrainingControl } from '../callback.ts';
import { improves, type Monitor, readMetric } from './monitor.ts';
import { restoredState } from './restored-state.ts';

const bestSchema = z.strictObject({ epoch: z.int().positive(), value: z.number() });

/** The best epoch so far and its metric. */
export type BestEpoch = z.infer<typeof bestSchema>;

/** Saves the weights as `best` after each epoch whose metric beats all before; the first of equals stays. */
export class KeepBest implements Callback {
  readonly name = 'keep-best';
  readonly #monitor: Monitor;
  #best: BestEpoch | undefined;

  constructor(monitor: Monitor) {
    this.#monitor = monitor;
  }

  /** Undefined until an epoch had a finite metric. */
  get best(): BestEpoch | undefined {
    return this.#best;
  }

  async onEpochEnd(report: EpochReport, control: TrainingControl): Promise<void> {
    const value = readMetric(this.#monitor, report);
    if (!improves(this.#monitor, value, this.#best?.value, 0)) return;
    await control.saveWeights('best');
    this.#best = { epoch: report.epoch, value };
  }

  state(): JsonValue {
    return this.#best ?? null;
  }

  restore(state: JsonValue): void {
    this.#best = restoredState(this.name, bestSchema.nullable(), state) ?? undefined;
  }
}
