import type { DriftCause, DriftSignal, SignalDrift } from './drift-report.ts';

/** How a signal has moved: its mean less that of the reference; 0 where it does not exceed its threshold. */
type Moves = ReadonlyMap<DriftSignal, number>;

const pictureSignals: readonly DriftSignal[] = [
  'width',
  'height',
  'aspect',
  'brightness',
  'contrast',
  'sharpness',
  'ink',
];
const handSignals: readonly DriftSignal[] = ['slant', 'weight', 'spread', 'stroke', 'x-height'];
const textSignals: readonly DriftSignal[] = [
  'characters',
  'embedding',
  'language-model',
  'confidence',
  'least-confidence',
];

/** Rules in order: the first that fits the signals beyond their thresholds names the cause. A guess, for whoever looks into it first. */
const rules: readonly { readonly cause: DriftCause; readonly fits: (moves: Moves) => boolean }[] = [
  { cause: 'inverted', fits: (moves) => (moves.get('inverted') ?? 0) > 0 },
  { cause: 'empty', fits: (moves) => falls(moves, 'lines') },
  // The stem levels a line; how far it had to is the skew. A line that is turned needs a higher picture.
  { cause: 'rotated', fits: (moves) => moves.has('skew') || (rises(moves, 'height') && !moves.has('width')) },
  {
    cause: 'low-resolution',
    fits: (moves) => falls(moves, 'width') && falls(moves, 'height') && falls(moves, 'x-height'),
  },
  { cause: 'blurred', fits: (moves) => falls(moves, 'sharpness') },
  {
    cause: 'other-script',
    fits: (moves) =>
      (moves.has('characters') || moves.has('embedding')) && falls(moves, 'confidence') && someOf(moves, handSignals),
  },
  {
    cause: 'other-language',
    fits: (moves) => someOf(moves, textSignals) && !someOf(moves, handSignals) && !someOf(moves, pictureSignals),
  },
  { cause: 'other-writers', fits: (moves) => someOf(moves, handSignals) },
  { cause: 'new-device', fits: (moves) => someOf(moves, pictureSignals) },
];

/** What may have changed, given the signals that exceed their thresholds. */
export function guessCause(evidence: readonly SignalDrift[]): DriftCause {
  const moves: Moves = new Map(
    evidence.map(({ signal, mean, referenceMean }) => [signal, (mean ?? 0) - (referenceMean ?? 0)]),
  );
  return rules.find(({ fits }) => fits(moves))?.cause ?? 'unknown';
}

function falls(moves: Moves, signal: DriftSignal): boolean {
  return (moves.get(signal) ?? 0) < 0;
}

function rises(moves: Moves, signal: DriftSignal): boolean {
  return (moves.get(signal) ?? 0) > 0;
}

function someOf(moves: Moves, signals: readonly DriftSignal[]): boolean {
  return signals.some((signal) => moves.has(signal));
}
