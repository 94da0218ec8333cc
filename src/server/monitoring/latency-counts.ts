/** Each bucket ends 1.25 times as late as the one before, from a millisecond to over a minute. */
const FIRST_SECONDS = 0.001;
const RATIO = 1.25;
const BUCKETS = 50;

/** Durations in constant space; quantiles are right within a bucket, 25 %. */
export class LatencyCounts {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;

  add(seconds: number): void {
    const bucket = Math.ceil(Math.log(Math.max(seconds, FIRST_SECONDS) / FIRST_SECONDS) / Math.log(RATIO));
    this.#counts[Math.min(bucket, BUCKETS - 1)]++;
    this.#total++;
  }

  /** The end of the bucket in which a share of the durations is reached, in seconds; undefined where there are none. */
  quantile(share: number): number | undefined {
    if (this.#total === 0) return undefined;
    let [bucket, below] = [0, this.#counts[0]];
    while (below < share * this.#total) below += this.#counts[++bucket];
    return Number((FIRST_SECONDS * RATIO ** bucket).toPrecision(3));
  }
}
