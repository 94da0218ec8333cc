import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { type LineChart, type LineSeries, lineChartsSvg } from '../../report/line-chart-svg.ts';
import type { Callback, EpochReport, JsonValue, TrainingControl } from '../callback.ts';
import { restoredState } from './restored-state.ts';

/** Epoch and value of a metric; null for a value that is not a finite number. */
const stateSchema = z.record(z.string(), z.array(z.tuple([z.number(), z.number().nullable()])));

/** Draws every metric over the epochs into `curves.svg` in the run folder, training and validation side by side. */
export class CurvesSvg implements Callback {
  readonly name = 'curves-svg';
  #curves: z.infer<typeof stateSchema> = {};

  async onEpochEnd({ epoch, metrics }: EpochReport, control: TrainingControl): Promise<void> {
    for (const [metric, value] of Object.entries(metrics)) {
      (this.#curves[metric] ??= []).push([epoch, Number.isFinite(value) ? value : null]);
    }
    await writeFileAtomic(join(control.folder, 'curves.svg'), lineChartsSvg(this.#charts()));
  }

  state(): JsonValue {
    return structuredClone(this.#curves);
  }

  restore(state: JsonValue): void {
    this.#curves = restoredState(this.name, stateSchema, state);
  }

  /** A chart for each metric, with `valLoss` in that of `loss`. */
  #charts(): LineChart[] {
    const charts = new Map<string, LineSeries[]>();
    for (const [metric, curve] of Object.entries(this.#curves)) {
      const [, validation, rest] = /^(val(?=[A-Z]))?(.*)$/s.exec(metric) ?? [];
      const title = titleOf(rest);
      const points = curve.map(([epoch, value]) => [epoch, value ?? NaN] as const);
      const series = validation ? { name: 'validation', points, color: 1 } : { name: 'training', points, color: 0 };
      charts.set(title, [...(charts.get(title) ?? []), series]);
    }
    return [...charts].map(([title, series]) => ({ title, xLabel: 'epoch', yLabel: title, series }));
  }
}

/** `learningRate` → `Learning rate`, `cer` → `CER`. */
function titleOf(metric: string): string {
  if (metric.length <= 3) return metric.toUpperCase();
  const words = metric.slice(1).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return metric.charAt(0).toUpperCase() + words;
}
