/** A queue of jobs by model that gives them out in batches: when a batch is full, or its oldest job has waited enough. */
export class BatchQueue<Job> {
  readonly #maxSizeOf: (model: number) => number;
  readonly #maxDelayMs: number;
  readonly #lanes = new Map<number, { job: Job; since: number }[]>();
  #size = 0;

  /** `maxSizeOf` says how many jobs of a model make a full batch. */
  constructor(maxSizeOf: (model: number) => number, maxDelayMs: number) {
    this.#maxSizeOf = maxSizeOf;
    this.#maxDelayMs = maxDelayMs;
  }

  /** How many jobs wait. */
  get size(): number {
    return this.#size;
  }

  add(model: number, job: Job, now: number): void {
    const lane = this.#lanes.get(model) ?? [];
    lane.push({ job, since: now });
    this.#lanes.set(model, lane);
    this.#size++;
  }

  /** Takes a job out that is not wanted any more. */
  remove(model: number, job: Job): void {
    const lane = this.#lanes.get(model) ?? [];
    const place = lane.findIndex((entry) => entry.job === job);
    if (place < 0) return;
    lane.splice(place, 1);
    this.#size--;
  }

  /** Milliseconds until a batch is due, 0 when one is; `undefined` when no job waits. */
  dueIn(now: number): number | undefined {
    let soonest: number | undefined;
    for (const [model, lane] of this.#lanes) {
      if (lane.length === 0) continue;
      const wait = lane.length >= this.#maxSizeOf(model) ? 0 : Math.max(0, lane[0].since + this.#maxDelayMs - now);
      soonest = Math.min(soonest ?? wait, wait);
    }
    return soonest;
  }

  /** The batch whose first job has waited longest. */
  take(): { model: number; jobs: Job[] } | undefined {
    const [oldest] = [...this.#lanes]
      .filter(([, lane]) => lane.length > 0)
      .sort((a, b) => a[1][0].since - b[1][0].since);
    if (oldest === undefined) return undefined;
    const [model, lane] = oldest;
    const jobs = lane.splice(0, this.#maxSizeOf(model)).map(({ job }) => job);
    this.#size -= jobs.length;
    return { model, jobs };
  }
}
