import type { ReadOptions } from './reader.ts';

/** Together, the rules that are kept have at most so many characters; compiled, each takes some hundred bytes. */
const MAX_CHARACTERS = 2 ** 18;

/**
 * Keeps what was made of the options that were asked for lately, so that the rules of a form, which come with every request, are
 * compiled once. What cannot be made is not kept.
 */
export class RecentRules<Made> {
  readonly #make: (options: ReadOptions) => Promise<Made>;
  /** The one that was not wanted for longest first. */
  readonly #made = new Map<string, Promise<Made>>();
  #characters = 0;

  constructor(make: (options: ReadOptions) => Promise<Made>) {
    this.#make = make;
  }

  /** Rejects with what the making throws. */
  async of(options: ReadOptions): Promise<Made> {
    const { decoder, alternatives, characters, pattern, words, likelyWords } = options;
    const key = JSON.stringify([decoder, alternatives, characters, pattern, words, likelyWords]);
    const made = this.#made.get(key) ?? this.#make(options);
    this.#forget(key);
    this.#made.set(key, made);
    this.#characters += key.length;
    for (const [oldest] of this.#made) {
      if (this.#characters <= MAX_CHARACTERS) break;
      this.#forget(oldest);
    }
    made.catch(() => this.#forget(key));
    return await made;
  }

  #forget(key: string): void {
    if (this.#made.delete(key)) this.#characters -= key.length;
  }
}
