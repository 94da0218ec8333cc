import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { EpochReport, StepReport, TrainingControl } from '../callback.ts';

/** A run folder in the system's temporary folder, with weights that a test sets: what a callback needs of a trainer. */
export class TrainingRun implements TrainingControl {
  readonly folder: string;
  /** Why callbacks asked to stop. */
  readonly stops: string[] = [];
  weights = '';

  constructor(folder: string = mkdtempSync(join(tmpdir(), 'training-run-'))) {
    this.folder = folder;
  }

  stop(reason: string): void {
    this.stops.push(reason);
  }

  async saveWeights(name: string): Promise<void> {
    await writeFileAtomic(join(this.folder, `${name}.bin`), this.weights);
  }
}

/** Step `step` of three epochs of ten steps: 64 items in 0.1 s, of which 0.01 s waiting. */
export function stepReport(step: number, change: Partial<StepReport> = {}): StepReport {
  return {
    step,
    totalSteps: 30,
    epoch: Math.ceil(step / 10),
    epochs: 3,
    stepInEpoch: ((step - 1) % 10) + 1,
    stepsPerEpoch: 10,
    loss: 1 / step,
    learningRate: 0.001,
    gradientNorm: 2,
    items: 64,
    seconds: 0.1,
    waitSeconds: 0.01,
    ...change,
  };
}

/** The end of epoch `epoch` of three of ten steps each. */
export function epochReport(epoch: number, metrics: Readonly<Record<string, number>>): EpochReport {
  return { epoch, epochs: 3, step: 10 * epoch, seconds: 1.5, metrics };
}
