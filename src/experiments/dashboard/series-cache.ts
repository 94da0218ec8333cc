import { Series } from './series.ts';

/** 16 bytes each: 320 MB. */
const MAX_NUMBERS = 20_000_000;

/** The logs that were looked at lately, so that a page that asks again gets what was added since. */
export class SeriesCache {
  /** The one that was asked for last is the last. */
  readonly #series = new Map<string, Series>();
  readonly #updates = new Map<string, Promise<void>>();

  /** The curves of a log as it is now. */
  async read(path: string): Promise<Series> {
    const series = this.#series.get(path) ?? new Series(path);
    this.#series.delete(path);
    this.#series.set(path, series);
    const update = this.#updates.get(path) ?? series.update().finally(() => this.#updates.delete(path));
    this.#updates.set(path, update);
    await update;
    this.#forget();
    return series;
  }

  #forget(): void {
    let numbers = 0;
    for (const [path, { length }] of [...this.#series].reverse()) {
      numbers += length;
      if (numbers > MAX_NUMBERS && this.#series.size > 1) this.#series.delete(path);
    }
  }
}
