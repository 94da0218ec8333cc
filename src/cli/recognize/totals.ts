import type { Reading } from '../../reading/reading.ts';

/** What was read of a page, in figures. */
export interface PageFigures {
  readonly lines: number;
  readonly words: number;
  /** Of the words, on average; undefined for a page without words. */
  readonly confidence?: number;
}

export function figuresOf({ lines }: Reading): PageFigures {
  const words = lines.flatMap((line) => line.words);
  const sum = words.reduce((total, { confidence }) => total + confidence, 0);
  const figures = { lines: lines.length, words: words.length };
  return words.length === 0 ? figures : { ...figures, confidence: Number((sum / words.length).toFixed(4)) };
}

/** So many failures are named at the end. */
const MOST_NAMED = 20;

/** Sums over the pages of a run. */
export class Totals {
  #pages = 0;
  #earlier = 0;
  #lines = 0;
  #words = 0;
  #confidence = 0;
  #failures = 0;
  readonly #failed: string[] = [];

  /** Counts a page that was read, in this run or an earlier one. */
  add({ lines, words, confidence = 0 }: PageFigures, isEarlier = false): void {
    this.#pages++;
    if (isEarlier) this.#earlier++;
    this.#lines += lines;
    this.#words += words;
    this.#confidence += words * confidence;
  }

  fail(what: string): void {
    this.#failures++;
    if (this.#failed.length < MOST_NAMED) this.#failed.push(what);
  }

  get pages(): number {
    return this.#pages;
  }

  get failures(): number {
    return this.#failures;
  }

  /** For people. */
  toString(): string {
    const count = (value: number, what: string) => `${value.toLocaleString('en')} ${what}${value === 1 ? '' : 's'}`;
    const mean = this.#words === 0 ? '' : `, mean confidence ${((100 * this.#confidence) / this.#words).toFixed(1)} %`;
    const earlier = this.#earlier === 0 ? '' : ` (${this.#earlier.toLocaleString('en')} of them before)`;
    const read = `${count(this.#pages, 'page')} read${earlier}: ${count(this.#lines, 'line')}, ${count(this.#words, 'word')}${mean}.`;
    if (this.#failures === 0) return read;
    const others = this.#failures - this.#failed.length;
    const names = [...this.#failed, ...(others > 0 ? [`${others.toLocaleString('en')} more`] : [])];
    return `${read}\n${count(this.#failures, 'failure')}: ${names.join(', ')}.`;
  }
}
