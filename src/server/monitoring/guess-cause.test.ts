import { expect, test } from 'vitest';
import type { DriftCause, DriftSignal, SignalDrift } from './drift-report.ts';
import { guessCause } from './guess-cause.ts';

function moved(moves: Partial<Record<DriftSignal, number>>): SignalDrift[] {
  return Object.entries(moves).map(([signal, move]) => ({
    signal: signal as DriftSignal,
    window: 100,
    statistic: 'kolmogorov-smirnov',
    value: 0.5,
    threshold: 0.3,
    referenceMean: 0,
    mean: move,
  }));
}

test.each<[DriftCause, Partial<Record<DriftSignal, number>>]>([
  ['inverted', { inverted: 1, brightness: -0.5 }],
  ['empty', { lines: -0.2 }],
  ['rotated', { skew: 3, aspect: -2, confidence: -0.1 }],
  ['low-resolution', { width: -500, height: -80, 'x-height': -20, stroke: -3 }],
  ['blurred', { sharpness: -0.3, confidence: -0.2 }],
  ['other-script', { embedding: 0, characters: 0, confidence: -0.4, slant: -20 }],
  ['other-language', { characters: 0, 'language-model': 0.1 }],
  ['other-writers', { slant: 12, characters: 0 }],
  ['new-device', { brightness: -0.3, contrast: -0.2 }],
  ['unknown', { lines: 3 }],
])('%s', (cause, moves) => {
  expect(guessCause(moved(moves))).toBe(cause);
});
