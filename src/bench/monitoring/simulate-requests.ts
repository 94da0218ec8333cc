import { Random } from '../../random/random.ts';
import type { Measurement } from '../../server/monitoring/measurement.ts';
import { sigmoid } from '../../models/confidence.ts';

/** How simulated requests differ from ordinary ones. */
export interface Disturbance {
  readonly sharpness?: number;
  readonly slant?: number;
  /** Added to the log-odds of confidences. */
  readonly confidence?: number;
  readonly inverted?: boolean;
  /** Shifts every coordinate of the embedding. */
  readonly embedding?: number;
  readonly letters?: string;
}

const LETTERS = 'eeeeetttaaaooinshrdlu ';

/** Measurements of requests that nobody sent: numbers of the usual sizes, some of them correlated, as real ones are. */
export function simulateRequests(count: number, seed: number, disturbance: Disturbance = {}): Measurement[] {
  const random = Random.of(seed);
  return Array.from({ length: count }, () => simulate(random, disturbance));
}

function simulate(random: Random, disturbance: Disturbance): Measurement {
  const { sharpness = 0.6, slant = 10, confidence: shift = 0, inverted = false, embedding = 0 } = disturbance;
  const letters = disturbance.letters ?? LETTERS;
  const spread = (middle: number, deviation: number) => middle + deviation * random.normal();
  const around = (middle: number, deviation: number) => middle * Math.exp(deviation * random.normal());
  const hand = random.normal();
  const characters: Record<string, number> = {};
  const length = 5 + random.below(60);
  for (let i = 0; i < length; i++) {
    const letter = letters[random.below(letters.length)];
    characters[letter] = (characters[letter] ?? 0) + 1;
  }
  const confidence = sigmoid(spread(2.5 + shift, 0.8));
  const width = around(600, 0.4);
  return {
    model: 'simulated',
    kind: 'line',
    decoder: 'lm',
    characters,
    wordConfidences: [confidence],
    embedding: Array.from({ length: 16 }, () => embedding + hand / 2 + random.normal()),
    values: {
      width,
      height: around(64, 0.2),
      aspect: width / 64,
      brightness: spread(0.8, 0.05),
      contrast: spread(0.7, 0.05),
      ink: around(0.08, 0.2),
      sharpness: spread(sharpness, 0.1),
      inverted: inverted ? 1 : 0,
      stroke: around(3, 0.1),
      'x-height': 20 + 3 * hand,
      skew: random.normal(),
      lines: 1,
      slant: spread(slant, 8),
      weight: 0.15 + 0.02 * hand,
      spread: spread(0.45, 0.08),
      confidence,
      'least-confidence': 0.8 * confidence,
      length: length + 1,
      'language-model': 0.05 * random.uniform(),
    },
  };
}
