import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/** Numbers by step, ascending. */
export interface Curve {
  readonly steps: readonly number[];
  /** Null for what is no finite number. */
  readonly values: readonly (number | null)[];
}

/**
 * The curves of one `metrics.jsonl`, by name: `step.loss`, `epoch.valCer`, `system.residentMiB`. Grows with the file; a file that was cut
 * back, as a resumed run does, is read anew.
 */
export class Series {
  readonly #path: string;
  #columns = new Map<string, Column>();
  #bytes = 0;
  #tail = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  /** About how much memory this takes. */
  get length(): number {
    return [...this.#columns.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Reads what was added; others have their turn after each mebibyte. */
  async update(): Promise<void> {
    if (statSync(this.#path, { throwIfNoEntry: false }) === undefined) return this.#clear();
    const file = openSync(this.#path, 'r');
    try {
      if (!this.#continues(file)) this.#clear();
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const chunk = buffer.subarray(0, readSync(file, buffer, 0, CHUNK_BYTES, this.#bytes));
        const lines = chunk.subarray(0, chunk.lastIndexOf(NEWLINE) + 1);
        if (lines.length === 0) return;
        for (const line of lines.toString('utf8').split('\n')) this.#add(line);
        this.#bytes += lines.length;
        this.#tail = Buffer.from(lines.subarray(-100));
        await setImmediate();
      }
    } finally {
      closeSync(file);
    }
  }

  /**
   * A curve from one step to another, of at most about `points` points: of more, the least and the greatest of as many stretches as half of
   * that, so that no peak is lost.
   */
  curve(name: string, points: number, from = -Infinity, to = Infinity): Curve {
    const column = this.#columns.get(name);
    if (column === undefined) return { steps: [], values: [] };
    return thin(column, column.indexOf(from), column.indexOf(to, true), points);
  }

  #continues(file: number): boolean {
    const found = Buffer.alloc(this.#tail.length);
    readSync(file, found, 0, found.length, this.#bytes - found.length);
    return found.equals(this.#tail);
  }

  #clear(): void {
    this.#columns = new Map();
    this.#bytes = 0;
    this.#tail = Buffer.alloc(0);
  }

  #add(line: string): void {
    const record = parse(line);
    const { event, step, metrics } = record;
    if (typeof step !== 'number' || typeof event !== 'string') return;
    const values = event === 'epoch' ? (metrics as object | undefined) : record;
    for (const [name, value] of Object.entries(values ?? {})) {
      if (typeof value === 'string' ? !notFinite.has(value) : typeof value !== 'number' || places.has(name)) continue;
      const key = `${event}.${name}`;
      let column = this.#columns.get(key);
      if (column === undefined) this.#columns.set(key, (column = new Column()));
      column.push(step, Number(value));
    }
  }
}

/** As `JsonLines` writes them. */
const notFinite: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);
/** Where a step is, which is no curve. */
const places: ReadonlySet<string> = new Set(['step', 'epoch', 'epochs', 'stepInEpoch', 'stepsPerEpoch', 'totalSteps']);

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Two lists of numbers that grow. */
class Column {
  length = 0;
  steps = new Float64Array(64);
  values = new Float64Array(64);

  push(step: number, value: number): void {
    if (this.length === this.steps.length) {
      this.steps = grown(this.steps);
      this.values = grown(this.values);
    }
    this.steps[this.length] = step;
    this.values[this.length] = value;
    this.length++;
  }

  /** The first index whose step is at least `step`, or, `isAfter`, above it. */
  indexOf(step: number, isAfter = false): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAfter ? this.steps[middle] <= step : this.steps[middle] < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(2 * array.length);
  twice.set(array);
  return twice;
}

function thin({ steps, values }: Column, begin: number, end: number, points: number): Curve {
  const count = end - begin;
  const indices: number[] = [];
  if (count <= points) for (let i = begin; i < end; i++) indices.push(i);
  else {
    const stretches = Math.max(1, points >> 1);
    for (let s = 0; s < stretches; s++) {
      const first = begin + Math.floor((s * count) / stretches);
      indices.push(...extremes(values, first, begin + Math.floor(((s + 1) * count) / stretches)));
    }
  }
  return {
    steps: indices.map((i) => steps[i]),
    values: indices.map((i) => (Number.isFinite(values[i]) ? values[i] : null)),
  };
}

/** Where the least and the greatest are, in their order. */
function extremes(values: Float64Array, begin: number, end: number): number[] {
  let least = begin;
  let greatest = begin;
  for (let i = begin + 1; i < end; i++) {
    if (!(values[i] >= values[least])) least = i;
    if (!(values[i] <= values[greatest])) greatest = i;
  }
  if (least === greatest) return [least];
  return least < greatest ? [least, greatest] : [greatest, least];
}
