interface Entry<Job> {
  readonly job: Job;
  readonly weight: number;
  readonly since: number;
}

/** How much weight may be taken from a lane now. */
export type RoomOf = (lane: number) => number;

/** What a batch is taken to last until one of its lane has been timed, in milliseconds. */
const UNTIMED_MS = 100;
/** How much the latest batch of a lane counts in what its next one is taken to last. */
const LATEST = 0.2;

/**
 * A queue of jobs in lanes that gives them out in batches: when a batch is full, or its oldest job has waited enough. Jobs have
 * weights; lanes without room for their first job are skipped. Of several lanes, the one that has waited longest for the time that it
 * takes comes first, so that what is quick overtakes what is slow, and nothing waits forever (highest response ratio next, Brinch
 * Hansen 1971).
 */
export class BatchQueue<Job> {
  readonly #maxSizeOf: (lane: number) => number;
  readonly #maxDelayMs: number;
  readonly #lanes = new Map<number, Entry<Job>[]>();
  /** How long a batch of each lane takes, in milliseconds, smoothed. */
  readonly #batchMs = new Map<number, number>();
  #size = 0;

  /** `maxSizeOf` says how many jobs of a lane make a full batch. */
  constructor(maxSizeOf: (lane: number) => number, maxDelayMs: number) {
    this.#maxSizeOf = maxSizeOf;
    this.#maxDelayMs = maxDelayMs;
  }

  /** How many jobs wait. */
  get size(): number {
    return this.#size;
  }

  add(lane: number, job: Job, weight: number, now: number): void {
    const entries = this.#lanes.get(lane) ?? [];
    entries.push({ job, weight, since: now });
    this.#lanes.set(lane, entries);
    this.#size++;
  }

  /** Takes a job out that is not wanted any more; says whether it was there. */
  remove(lane: number, job: Job): boolean {
    const entries = this.#lanes.get(lane) ?? [];
    const place = entries.findIndex((entry) => entry.job === job);
    if (place < 0) return false;
    entries.splice(place, 1);
    this.#size--;
    return true;
  }

  /** Milliseconds until a batch that has room is due, 0 when one is; `undefined` when no such job waits. */
  dueIn(now: number, roomOf: RoomOf): number | undefined {
    const waits = this.#withRoom(roomOf).map(([lane, entries]) => {
      const isFull = entries.length >= this.#maxSizeOf(lane);
      return isFull ? 0 : Math.max(0, entries[0].since + this.#maxDelayMs - now);
    });
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }

  /** A batch of a lane took so long. */
  took(lane: number, ms: number): void {
    const before = this.#batchMs.get(lane) ?? ms;
    this.#batchMs.set(lane, before + LATEST * (ms - before));
  }

  /** The batch of the lane, of those that have room, that has waited longest for the time that it takes. */
  take(now: number, roomOf: RoomOf): { lane: number; jobs: Job[]; weight: number } | undefined {
    const waited = ([lane, [first]]: [number, Entry<Job>[]]) =>
      (now - first.since) / Math.max(1, this.#batchMs.get(lane) ?? UNTIMED_MS);
    const [next] = this.#withRoom(roomOf).sort((a, b) => waited(b) - waited(a));
    if (next === undefined) return undefined;
    const [lane, entries] = next;
    const [maxSize, room] = [this.#maxSizeOf(lane), roomOf(lane)];
    let [count, weight] = [0, 0];
    while (count < Math.min(maxSize, entries.length) && weight + entries[count].weight <= room) {
      weight += entries[count++].weight;
    }
    this.#size -= count;
    return { lane, jobs: entries.splice(0, count).map(({ job }) => job), weight };
  }

  #withRoom(roomOf: RoomOf): [number, Entry<Job>[]][] {
    return [...this.#lanes].filter(([lane, [first]]) => first !== undefined && first.weight <= roomOf(lane));
  }
}
