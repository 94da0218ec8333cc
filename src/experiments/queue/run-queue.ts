import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents, QueueEventsProducer, type Job } from 'bullmq';
import type { AttemptEnd, AttemptRequest, SharedPlace } from '../scheduler/attempt-protocol.ts';
import type { Launch, LaunchHooks, RunningAttempt } from '../scheduler/start-attempt.ts';
import { queueConnection, requireRedis, shownAddress } from './queue-connection.ts';
import { queueNotices } from './queue-notices.ts';
import { queueName, queuedRun, type QueuedRun, type QueuedRunEnd, type QueuedRunProgress } from './queued-run.ts';
import { fetchRun } from './run-snapshot.ts';
import { openRunStore } from './run-store.ts';

export interface RunQueueOptions {
  readonly onNotice: (message: string) => void;
}

/** How long after an event that was missed the job itself is looked at. */
const POLL_MS = 5000;
const RETRY_MS = 1000;

/** A queue of runs on Redis, from the side that puts them there. */
export class RunQueue {
  readonly #queue: Queue<QueuedRun, QueuedRunEnd>;
  readonly #events: QueueEvents;
  readonly #producer: QueueEventsProducer;
  readonly #followers = new Map<string, Follower>();
  readonly #notice: (error: Error) => void;

  private constructor(address: string, { onNotice }: RunQueueOptions) {
    const connection = queueConnection(address);
    this.#notice = queueNotices(shownAddress(connection), onNotice);
    this.#queue = new Queue(queueName, { connection });
    this.#events = new QueueEvents(queueName, { connection });
    this.#producer = new QueueEventsProducer(queueName, { connection });
    this.#queue.on('error', this.#notice);
    this.#events.on('error', this.#notice);
    this.#producer.on('error', this.#notice);
    this.#events.on('progress', ({ jobId, data }) =>
      this.#followers.get(jobId)?.progress(data as unknown as QueuedRunProgress),
    );
    this.#events.on('stalled', ({ jobId }) => this.#followers.get(jobId)?.stalled());
    for (const event of ['completed', 'failed'] as const) {
      this.#events.on(event, ({ jobId }: { jobId: string }) => this.#followers.get(jobId)?.wake());
    }
  }

  /** Throws INVALID_ARGUMENT, or QUEUE_UNAVAILABLE where Redis does not answer or refuses. */
  static async open(address: string, options: RunQueueOptions): Promise<RunQueue> {
    await requireRedis(queueConnection(address));
    return new RunQueue(address, options);
  }

  /** Puts an attempt on the queue, and fetches what it has saved into the run's folder here. */
  launch: Launch = async (request, _, hooks) => {
    const follower = new Follower(request, hooks, this.#notice);
    const ended = this.#follow(request, request.shared!, follower);
    return { ended, stop: () => follower.stop() } satisfies RunningAttempt;
  };

  async close(): Promise<void> {
    await Promise.race([
      Promise.all([this.#queue.close(), this.#events.close(), this.#producer.close()]),
      sleep(POLL_MS, undefined, { ref: false }),
    ]);
    for (const part of [this.#queue, this.#producer]) await part.disconnect();
  }

  async #follow(request: AttemptRequest, shared: SharedPlace, follower: Follower): Promise<AttemptEnd> {
    const id = jobId(request);
    const data = queuedRun(request, shared);
    this.#followers.set(id, follower);
    try {
      await this.#persistently(() => this.#place(id, data));
      for (;;) {
        await follower.news(POLL_MS);
        const end = await this.#persistently(() => this.#look(id, data, follower));
        if (!end) continue;
        await follower.fetched();
        return end;
      }
    } finally {
      this.#followers.delete(id);
    }
  }

  /** A job of the same attempt that another scheduler has put there and that still waits or runs is this one. */
  async #place(id: string, data: QueuedRun): Promise<void> {
    const before = await this.#queue.getJob(id);
    if (before && ['completed', 'failed'].includes(await before.getState())) await before.remove();
    // Errors of a store are tried again; whatever else fails is not.
    const backoff = { type: 'exponential', delay: 2000 };
    await this.#queue.add(data.name, data, { jobId: id, attempts: 5, backoff });
  }

  /** The end of a job that is over. */
  async #look(id: string, data: QueuedRun, follower: Follower): Promise<AttemptEnd | undefined> {
    const job = await this.#queue.getJob(id);
    // A Redis without persistence has lost it: nothing of the run is lost with it.
    if (!job) return follower.stopping ? { state: 'interrupted' } : void (await this.#place(id, data));
    const state = await job.getState();
    if (state === 'completed') return await this.#take(job);
    if (state === 'failed') return await this.#takeFailure(job);
    if (!follower.stopping) return undefined;
    if (state === 'active') return void (await this.#producer.publishEvent({ eventName: 'stop', jobId: id }));
    await job.remove();
    return { state: 'interrupted' };
  }

  async #take(job: Job<QueuedRun, QueuedRunEnd>): Promise<AttemptEnd> {
    const end = job.returnvalue;
    await job.remove();
    return end;
  }

  async #takeFailure(job: Job<QueuedRun, QueuedRunEnd>): Promise<AttemptEnd> {
    await job.remove();
    return { state: 'failed', message: job.failedReason };
  }

  /** Redis may refuse for a while, e.g. while it reads its files after a restart, or has no memory left. */
  async #persistently<Result>(action: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await action();
      } catch (error) {
        this.#notice(error as Error);
        await sleep(RETRY_MS);
      }
    }
  }
}

/** What is known here of an attempt that runs elsewhere. */
class Follower {
  stopping = false;
  readonly #request: AttemptRequest;
  readonly #hooks: LaunchHooks;
  readonly #notice: (error: Error) => void;
  /** The fencing token of the attempt that was heard of last. */
  #attempt = 0;
  #isNews = false;
  #wake: () => void = () => undefined;
  #fetching: Promise<void> | undefined;

  constructor(request: AttemptRequest, hooks: LaunchHooks, notice: (error: Error) => void) {
    this.#request = request;
    this.#notice = notice;
    this.#hooks = hooks;
  }

  /** What comes late from an attempt that was taken over is passed over. */
  progress({ attempt, device, pid, report }: QueuedRunProgress): void {
    if (attempt < this.#attempt) return;
    if (attempt > this.#attempt) this.#hooks.begun({ device, pid });
    this.#attempt = attempt;
    this.#hooks.report(report);
    if (report.event === 'saved') this.#fetching ??= this.#fetchMeanwhile();
  }

  stalled(): void {
    this.#hooks.lost('the loss of its worker');
  }

  stop(): void {
    this.stopping = true;
    this.wake();
  }

  wake(): void {
    this.#isNews = true;
    this.#wake();
  }

  /** Resolves when there may be some since the last time, at the latest after that time. */
  async news(milliseconds: number): Promise<void> {
    if (!this.#isNews) {
      const ended = new AbortController();
      this.#wake = () => ended.abort();
      await sleep(milliseconds, undefined, { signal: ended.signal }).catch(() => undefined);
    }
    this.#isNews = false;
  }

  /** Brings the folder of the run here up to its last state. */
  async fetched(): Promise<void> {
    await this.#fetching;
    await this.#fetch();
  }

  /** What cannot be fetched now is at the end. */
  async #fetchMeanwhile(): Promise<void> {
    await this.#fetch().catch(this.#notice);
    this.#fetching = undefined;
  }

  /** Without checkpoints, which are for the machine that resumes. */
  async #fetch(): Promise<void> {
    const store = await openRunStore(this.#request.shared!.place);
    await fetchRun(store, this.#request.folder, (path) => /(^|\/)checkpoint-\d+\.bin$/.test(path));
  }
}

/** The same for the same attempt of the same run. */
function jobId({ shared, experiment, until }: AttemptRequest): string {
  const identity = JSON.stringify([shared?.place, experiment, until ?? null]);
  return `run-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
}
