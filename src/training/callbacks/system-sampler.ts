import { cpus, freemem } from 'node:os';
import type { Callback, StepReport } from '../callback.ts';
import { checkOption } from './check-option.ts';
import { type GpuReadings, readNvidiaSmi } from './nvidia-smi.ts';

/** How busy the machine was since the sample before. */
export interface SystemSample {
  /** ISO 8601. */
  readonly time: string;
  /** The last step that was done when the sample was taken. */
  readonly step: number;
  /**
   * `processCpuPercent` (of one core: 200 is two cores), `machineCpuPercent` (of all cores, by all programs; where the platform tells),
   * `residentMiB`, `freeMiB`, and for each NVIDIA GPU `gpu0Percent`, `gpu0MemoryMiB`, `gpu0TotalMiB`.
   */
  readonly figures: Readonly<Record<string, number>>;
}

export interface SystemSamplerOptions {
  /** Gets each sample, within a hook of this callback: a place to write it to a JSON Lines or TensorBoard callback. */
  readonly onSample: (sample: SystemSample) => void;
  /** Default 10. */
  readonly everySeconds?: number;
}

const MIB = 2 ** 20;

/**
 * Samples processor, memory and GPU. A timer serves the waits of an epoch, and every step looks at the clock too, since
 * a session that runs on this thread lets no timer through.
 */
export class SystemSampler implements Callback {
  readonly name = 'system-sampler';
  readonly #onSample: (sample: SystemSample) => void;
  readonly #everyMs: number;
  readonly #ready: SystemSample[] = [];
  #timer: NodeJS.Timeout | undefined;
  #last = takeReading();
  #step = 0;
  #gpu: GpuReadings = {};
  #asking: Promise<void> | undefined;

  constructor({ onSample, everySeconds = 10 }: SystemSamplerOptions) {
    checkOption(this.name, 'everySeconds', everySeconds, everySeconds > 0 && everySeconds < Infinity, '> 0');
    this.#onSample = onSample;
    this.#everyMs = 1000 * everySeconds;
  }

  async onTrainStart(): Promise<void> {
    this.#askGpu();
    await this.#asking;
    this.#last = takeReading();
    this.#timer = setInterval(() => this.#sampleIfDue(), this.#everyMs);
    this.#timer.unref();
  }

  onStepEnd({ step }: StepReport): void {
    this.#step = step;
    this.#sampleIfDue();
    this.#handOver();
  }

  onEpochEnd(): void {
    this.#handOver();
  }

  async onTrainEnd(): Promise<void> {
    clearInterval(this.#timer);
    this.#handOver();
    await this.#asking;
  }

  #sampleIfDue(): void {
    const reading = takeReading();
    // A timer may fire a little early, and should not miss its turn by that.
    if (reading.time - this.#last.time < 0.95 * this.#everyMs) return;
    const figures = { ...usage(this.#last, reading), ...this.#gpu };
    this.#ready.push({ time: new Date().toISOString(), step: this.#step, figures });
    this.#last = reading;
    this.#askGpu();
  }

  /** Only hooks hand samples over, so that none comes after the training's end, when files are closed. */
  #handOver(): void {
    for (const sample of this.#ready.splice(0)) this.#onSample(sample);
  }

  /** Asks in the background, for the next sample; where there is no GPU only once. */
  #askGpu(): void {
    if (this.#asking !== undefined) return;
    this.#asking = readNvidiaSmi().then((readings) => {
      this.#gpu = readings ?? {};
      if (readings !== undefined) this.#asking = undefined;
    });
  }
}

interface Reading {
  /** Milliseconds of a monotonic clock. */
  readonly time: number;
  /** Milliseconds of processor time of this process, all threads together. */
  readonly processCpu: number;
  /** Milliseconds of all cores together, since the machine started. */
  readonly machineBusy: number;
  readonly machineTotal: number;
}

function takeReading(): Reading {
  const { user, system } = process.cpuUsage();
  let machineBusy = 0;
  let machineTotal = 0;
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    machineBusy += busy;
    machineTotal += busy + times.idle;
  }
  return { time: performance.now(), processCpu: (user + system) / 1000, machineBusy, machineTotal };
}

function usage(from: Reading, to: Reading): Record<string, number> {
  const cores = to.machineTotal - from.machineTotal;
  return {
    processCpuPercent: round((100 * (to.processCpu - from.processCpu)) / (to.time - from.time)),
    // Some platforms tell nothing of their cores.
    ...(cores > 0 && { machineCpuPercent: round((100 * (to.machineBusy - from.machineBusy)) / cores) }),
    residentMiB: round(process.memoryUsage.rss() / MIB),
    freeMiB: round(freemem() / MIB),
  };
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
