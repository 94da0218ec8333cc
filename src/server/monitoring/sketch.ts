import type { Measurement } from './measurement.ts';
import { BINS, binOf, signalNames, type SignalName } from './signals.ts';
import type { RandomFeatures } from './statistics/random-features.ts';

/** A sketch as JSON: bins without counts are left out. */
export interface SketchData {
  readonly count: number;
  readonly signals: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly characters: Readonly<Record<string, number>>;
  readonly embedded: number;
  readonly features: readonly number[];
  readonly length: number;
  readonly edits: number;
  readonly variance: number;
}

/** What a reading's errors are expected to be: characters, edits that they need, and the variance of that number. */
export interface ExpectedEdits {
  readonly length: number;
  readonly edits: number;
  readonly variance: number;
}

/** What makes a measurement comparable with a reference. */
export interface SketchScale {
  readonly features: RandomFeatures;
  expectedEdits(measurement: Measurement): ExpectedEdits;
}

/**
 * The distributions of some requests in constant space: counts of signals in fixed bins and of characters, and sums of features of the
 * embeddings. Sketches of different requests merge exactly, in any order.
 */
export class Sketch {
  count = 0;
  /** `[signals, BINS]` */
  readonly bins = new Float64Array(signalNames.length * BINS);
  readonly characters = new Map<string, number>();
  /** Requests with an embedding, and the sums of their features. */
  embedded = 0;
  features = new Float64Array(0);
  length = 0;
  edits = 0;
  variance = 0;

  /** The counts of a signal, `[BINS]`. */
  countsOf(name: SignalName): Float64Array {
    const place = signalNames.indexOf(name);
    return this.bins.subarray(place * BINS, (place + 1) * BINS);
  }

  add(measurement: Measurement, scale: SketchScale): void {
    this.count++;
    for (let place = 0; place < signalNames.length; place++) {
      const name = signalNames[place];
      const value = measurement.values[name];
      if (value !== undefined) this.bins[place * BINS + binOf(name, value)]++;
    }
    for (const character in measurement.characters) this.#addCharacter(character, measurement.characters[character]);
    if (measurement.embedding.length > 0) {
      this.embedded++;
      scale.features.add(measurement.embedding, this.#featuresOf(scale.features.size));
    }
    const { length, edits, variance } = scale.expectedEdits(measurement);
    this.length += length;
    this.edits += edits;
    this.variance += variance;
  }

  /** Takes the requests of another sketch in, or out again with −1. */
  merge(other: Sketch, sign: 1 | -1 = 1): void {
    this.count += sign * other.count;
    addTo(this.bins, other.bins, sign);
    for (const [character, count] of other.characters) this.#addCharacter(character, sign * count);
    this.embedded += sign * other.embedded;
    if (other.features.length > 0) addTo(this.#featuresOf(other.features.length), other.features, sign);
    this.length += sign * other.length;
    this.edits += sign * other.edits;
    this.variance += sign * other.variance;
  }

  toJSON(): SketchData {
    const { count, embedded, length, edits, variance } = this;
    const signals = Object.fromEntries(
      signalNames.map((name) => [
        name,
        Object.fromEntries([...this.countsOf(name).entries()].filter(([, count]) => count > 0)),
      ]),
    );
    const counted = [...this.characters].filter(([, count]) => count > 0);
    const characters = Object.fromEntries(counted.sort(([a], [b]) => (a < b ? -1 : 1)));
    return { count, signals, characters, embedded, features: [...this.features], length, edits, variance };
  }

  static from(data: SketchData): Sketch {
    const sketch = new Sketch();
    const { count, embedded, length, edits, variance } = data;
    Object.assign(sketch, { count, embedded, length, edits, variance });
    for (const [name, bins] of Object.entries(data.signals)) {
      // A signal of another release is nothing to compare with.
      if (!(signalNames as readonly string[]).includes(name)) continue;
      const counts = sketch.countsOf(name as SignalName);
      for (const [bin, count] of Object.entries(bins)) counts[Number(bin)] = count;
    }
    for (const [character, count] of Object.entries(data.characters)) sketch.characters.set(character, count);
    sketch.features = Float64Array.from(data.features);
    return sketch;
  }

  #featuresOf(size: number): Float64Array {
    if (this.features.length === 0) this.features = new Float64Array(size);
    return this.features;
  }

  #addCharacter(character: string, count: number): void {
    this.characters.set(character, (this.characters.get(character) ?? 0) + count);
  }
}

function addTo(sums: Float64Array, more: Float64Array, sign: 1 | -1): void {
  for (let i = 0; i < sums.length; i++) sums[i] += sign * more[i];
}
