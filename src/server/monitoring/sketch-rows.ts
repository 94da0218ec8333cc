import type { Measurement } from './measurement.ts';
import { BINS, binOf, signalNames } from './signals.ts';
import { Sketch, type SketchScale } from './sketch.ts';

const NONE = 255;

/** Measurements as rows of small numbers, so that sketches of many samples of them are made quickly. */
export class SketchRows {
  readonly length: number;
  readonly #characters: readonly string[];
  /** `[length, signals]` */
  readonly #bins: Uint8Array;
  /** `[length, features]` */
  readonly #features: Float64Array;
  readonly #size: number;
  readonly #embedded: Uint8Array;
  /** Pairs of a character's place and its count, of each row. */
  readonly #counts: readonly Uint16Array[];
  /** `[length, 3]`: length, edits, variance. */
  readonly #edits: Float64Array;

  constructor(measurements: readonly Measurement[], scale: SketchScale) {
    this.length = measurements.length;
    this.#characters = [...new Set(measurements.flatMap(({ characters }) => Object.keys(characters)))];
    this.#size = scale.features.size;
    this.#bins = new Uint8Array(this.length * signalNames.length).fill(NONE);
    this.#features = new Float64Array(this.length * this.#size);
    this.#embedded = Uint8Array.from(measurements, ({ embedding }) => (embedding.length > 0 ? 1 : 0));
    this.#edits = new Float64Array(3 * this.length);
    const places = new Map(this.#characters.map((character, place) => [character, place]));
    this.#counts = measurements.map(({ characters }) =>
      Uint16Array.from(Object.entries(characters).flatMap(([character, count]) => [places.get(character)!, count])),
    );
    for (const [row, measurement] of measurements.entries()) this.#fill(row, measurement, scale);
  }

  /** The sketch of some rows, which may repeat. */
  sum(rows: Uint32Array): Sketch {
    const characters = new Float64Array(this.#characters.length);
    const sketch = new Sketch();
    const width = signalNames.length;
    sketch.features = new Float64Array(this.#size);
    for (const row of rows) {
      for (let s = 0; s < width; s++) {
        const bin = this.#bins[row * width + s];
        if (bin !== NONE) sketch.bins[s * BINS + bin]++;
      }
      const counts = this.#counts[row];
      for (let i = 0; i < counts.length; i += 2) characters[counts[i]] += counts[i + 1];
      for (let f = 0; f < this.#size; f++) sketch.features[f] += this.#features[row * this.#size + f];
      sketch.embedded += this.#embedded[row];
      sketch.length += this.#edits[3 * row];
      sketch.edits += this.#edits[3 * row + 1];
      sketch.variance += this.#edits[3 * row + 2];
    }
    sketch.count = rows.length;
    this.#characters.forEach((character, place) => {
      if (characters[place] > 0) sketch.characters.set(character, characters[place]);
    });
    return sketch;
  }

  #fill(row: number, measurement: Measurement, scale: SketchScale): void {
    signalNames.forEach((name, s) => {
      const value = measurement.values[name];
      if (value !== undefined) this.#bins[row * signalNames.length + s] = binOf(name, value);
    });
    const features = this.#features.subarray(row * this.#size, (row + 1) * this.#size);
    if (measurement.embedding.length > 0) scale.features.add(measurement.embedding, features);
    const { length, edits, variance } = scale.expectedEdits(measurement);
    this.#edits.set([length, edits, variance], 3 * row);
  }
}
