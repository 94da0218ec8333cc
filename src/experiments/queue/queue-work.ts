import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnrecoverableError, WaitingError, type Job } from 'bullmq';
import type { AttemptEnd, AttemptReport } from '../scheduler/attempt-protocol.ts';
import type { DeviceOptions, DeviceSlot } from '../scheduler/device-slots.ts';
import { startAttempt, type AttemptKilled, type RunningAttempt } from '../scheduler/start-attempt.ts';
import { queuedRunSchema, type QueuedRun, type QueuedRunEnd, type QueuedRunProgress } from './queued-run.ts';

export interface QueueWorkerOptions extends DeviceOptions {
  readonly address: string;
  /** Where data sets are on this machine; default where the group says. */
  readonly dataRoot?: string;
  /** A worker that was not heard of for so long is lost; default 30. */
  readonly lockSeconds?: number;
  /** When aborted, running runs are saved after their step and given back. */
  readonly signal: AbortSignal;
  readonly onNotice: (message: string) => void;
  readonly onEvent?: (event: QueueWorkerEvent) => void;
}

/** What a worker tells. */
export type QueueWorkerEvent =
  | { readonly event: 'ready'; readonly slots: number }
  | {
      readonly event: 'taken';
      readonly run: string;
      readonly place: string;
      readonly device: string;
      readonly pid?: number;
    }
  | {
      readonly event: 'ended';
      readonly run: string;
      readonly place: string;
      readonly how: AttemptEnd['state'] | 'killed';
    };

/** At the end, for what must still be told to a Redis that may be away. */
export const closingMs = 5000;

/** Why an attempt is to end before its run has: the scheduler asks for it, this worker ends, or the queue takes it for lost. */
type StopReason = 'asked' | 'closing' | 'lost';

interface Work {
  readonly attempt: RunningAttempt;
  reason: StopReason | undefined;
}

/** The runs that a worker has. */
export class QueueWork {
  readonly #free: DeviceSlot[];
  readonly #options: QueueWorkerOptions;
  readonly #works = new Map<string, Work>();
  readonly #jobs = new Set<Promise<unknown>>();
  #closing = false;

  constructor(slots: readonly DeviceSlot[], options: QueueWorkerOptions) {
    this.#free = [...slots];
    this.#options = options;
  }

  stop(id: string, reason: StopReason): void {
    const work = this.#works.get(id);
    if (!work) return;
    work.reason ??= reason;
    work.attempt.stop();
  }

  stopAll(): void {
    this.#closing = true;
    for (const id of this.#works.keys()) this.stop(id, 'closing');
  }

  /** When all have ended, and the queue knows, if it is there. */
  async idle(): Promise<void> {
    const ended = Promise.allSettled(this.#jobs);
    while (this.#works.size > 0) await sleep(50);
    await Promise.race([ended, sleep(closingMs, undefined, { ref: false })]);
  }

  async take(job: Job<QueuedRun, QueuedRunEnd>, token: string): Promise<QueuedRunEnd> {
    const work = this.#take(job, token);
    this.#jobs.add(work);
    try {
      return await work;
    } finally {
      this.#jobs.delete(work);
    }
  }

  async #take(job: Job<QueuedRun, QueuedRunEnd>, token: string): Promise<QueuedRunEnd> {
    const run = queuedRunSchema.safeParse(job.data);
    if (!run.success)
      throw new UnrecoverableError(`The job is of another version of this program: ${run.error.message}`);
    if (!this.#closing) {
      const { end, reason } = await this.#train(job, run.data);
      if (end.state === 'finished' || end.state === 'paused') return end;
      if (end.state === 'failed') throw failure(end);
      if (end.state === 'interrupted' && reason === 'asked') return end;
    }
    await job.moveToWait(token);
    throw new WaitingError();
  }

  async #train(
    job: Job<QueuedRun, QueuedRunEnd>,
    run: QueuedRun,
  ): Promise<{ end: AttemptEnd | AttemptKilled; reason: StopReason | undefined }> {
    const slot = this.#free.shift()!;
    const scratch = await mkdtemp(join(tmpdir(), 'text-recognizer-run-'));
    try {
      const work = await this.#start(job, run, slot, join(scratch, 'run'));
      this.#works.set(job.id!, work);
      if (this.#closing) this.stop(job.id!, 'closing');
      const end = await work.attempt.ended;
      this.#options.onEvent?.({ event: 'ended', run: run.name, place: run.shared.place, how: end.state });
      return { end, reason: work.reason };
    } finally {
      this.#works.delete(job.id!);
      this.#free.push(slot);
      await rm(scratch, { recursive: true, force: true });
    }
  }

  async #start(job: Job<QueuedRun, QueuedRunEnd>, run: QueuedRun, slot: DeviceSlot, folder: string): Promise<Work> {
    const { dataRoot = run.options.dataRoot, device, onNotice } = this.#options;
    const where = { device: `${slot.label} of ${hostname()}`, pid: undefined as number | undefined };
    let token = 0;
    const report = (report: AttemptReport) => {
      if (report.event === 'claimed') token = report.attempt;
      const progress: QueuedRunProgress = { attempt: token, ...where, report };
      // One that cannot be told is followed by others.
      job.updateProgress(progress).catch((error: Error) => onNotice(`${run.name}: ${error.message}`));
    };
    const options = { ...run.options, dataRoot, device, threads: slot.threads };
    const request = { ...run, options, folder, locks: slot.locks };
    const attempt = await startAttempt(request, { env: slot.env, report });
    where.pid = attempt.pid;
    const { name, shared } = run;
    this.#options.onEvent?.({ event: 'taken', run: name, place: shared.place, device: slot.label, pid: attempt.pid });
    return { attempt, reason: undefined };
  }
}

/** A store that is away may be back; another try of anything else would fail in the same way. */
function failure({ message, code }: Extract<AttemptEnd, { state: 'failed' }>): Error {
  const text = code === undefined ? message : `${code}: ${message}`;
  return code === 'STORE_UNAVAILABLE' ? new Error(text) : new UnrecoverableError(text);
}
