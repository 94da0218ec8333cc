interface Entry<Job> {
  readonly job: Job;
  readonly weight: number;
  readonly since: number;
}

/** How much weight may be taken from a lane now. */
export type RoomOf = (lane: number) => number;

/**
 * A queue of jobs in lanes that gives them out in batches: when a batch is full, or its oldest job has waited enough. Jobs have
 * weights; lanes without room for their first job are skipped.
 */
export class BatchQueue<Job> {
  readonly #maxSizeOf: (lane: number) => number;
  readonly #maxDelayMs: number;
  readonly #lanes = new Map<number, Entry<Job>[]>();
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

  /** Of the lanes that have room, the batch whose first job has waited longest. */
  take(roomOf: RoomOf): { lane: number; jobs: Job[]; weight: number } | undefined {
    const [oldest] = this.#withRoom(roomOf).sort((a, b) => a[1][0].since - b[1][0].since);
    if (oldest === undefined) return undefined;
    const [lane, entries] = oldest;
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
