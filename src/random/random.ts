/**
 * xoshiro128** by Blackman and Vigna (https://prng.di.unimi.it/xoshiro128starstar.c), seeded through SplitMix32.
 * The state is four uint32 words that can be saved and restored, so that a run can resume exactly.
 */
export class Random {
  readonly state: Uint32Array;

  constructor(seed: number | ArrayLike<number>) {
    this.state = typeof seed === 'number' ? seedWords(seed) : Uint32Array.from(seed);
  }

  /** A generator for `seed` and any number of stream coordinates, e.g. (seed, epoch, item): independent of call order. */
  static of(seed: number, ...stream: readonly number[]): Random {
    let hash = seed >>> 0;
    for (const word of stream) hash = mix32((Math.imul(hash, 0x01000193) ^ (word >>> 0)) + 0x9e3779b9);
    return new Random(hash);
  }

  /** A uniform uint32. */
  uint32(): number {
    const s = this.state;
    const product = Math.imul(s[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A uniform number in [0, 1) with 32 bits. */
  uniform(): number {
    return this.uint32() / 4294967296;
  }

  /** A uniform number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A uniform integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A standard normal number (Box–Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles `items` in place (Fisher–Yates) and returns it. */
  shuffle<T extends { readonly length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swap = items[i];
      items[i] = items[j];
      items[j] = swap;
    }
    return items;
  }
}

function mix32(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

function seedWords(seed: number): Uint32Array {
  const words = new Uint32Array(4);
  for (let i = 0; i < 4; i++) words[i] = mix32(seed + Math.imul(i + 1, 0x9e3779b9));
  return words;
}
