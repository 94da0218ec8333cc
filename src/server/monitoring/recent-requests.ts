import type { SignalDrift } from './drift-report.ts';
import type { Measurement } from './measurement.ts';
import type { SignalName } from './signals.ts';

const MOST = 100;

/** The ids and signals of the last hundred requests, so that an alarm can name examples. */
export class RecentRequests {
  readonly #ids: string[] = [];
  readonly #values: Measurement['values'][] = [];
  #next = 0;

  add({ values }: Measurement, id: string): void {
    this.#ids[this.#next] = id;
    this.#values[this.#next] = values;
    this.#next = (this.#next + 1) % MOST;
  }

  /** The requests that are furthest from the reference in the direction of a drift; the least sure ones where it has none. */
  mostUnlike({ signal, mean, referenceMean }: SignalDrift, count: number): string[] {
    const isNumber = mean !== undefined && referenceMean !== undefined;
    const direction = isNumber && mean > referenceMean ? 1 : -1;
    const name = (isNumber ? signal : 'confidence') as SignalName;
    const scored = this.#ids.map((id, i) => ({ id, score: direction * (this.#values[i][name] ?? -Infinity) }));
    const sorted = scored.sort((a, b) => b.score - a.score).map(({ id }) => id);
    return [...new Set(sorted)].slice(0, count);
  }
}
