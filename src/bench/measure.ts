export interface BenchmarkOptions {
  readonly threads: number;
  /** Images at a time; each benchmark has its own default. */
  readonly batch?: number;
  readonly seconds: number;
  readonly profilePrefix?: string;
}

/** What a benchmark found, by name; times end in Ms, memory in MiB. */
export type Figures = Readonly<Record<string, number>>;

/** Items per second of `step`, which does `items`: from the median time of a step, after two for warming up. */
export async function measure(items: number, seconds: number, step: () => Promise<unknown>): Promise<number> {
  await step();
  await step();
  const times: number[] = [];
  for (const end = performance.now() + 1000 * seconds; performance.now() < end || times.length < 3;) {
    const before = performance.now();
    await step();
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  return (1000 * items) / times[Math.floor(times.length / 2)];
}
