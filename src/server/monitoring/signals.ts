/** What a signal says of: the picture as it was sent, the hand that wrote, or the reading. */
export type SignalGroup = 'picture' | 'writing' | 'reading';

/** A number that is measured of every request, and the equal bins that it is counted in. */
export interface Signal {
  readonly group: SignalGroup;
  readonly help: string;
  /** Of its Prometheus metric, which ends with it. */
  readonly unit: 'pixels' | 'ratio' | 'degrees' | 'characters' | 'lines' | 'bits';
  /** Where the first bin begins and the last one ends; what is beyond is counted in these two. */
  readonly low: number;
  readonly high: number;
  /** Whether bins have equal ratios; `low` is above 0 then. */
  readonly isLogarithmic?: boolean;
}

/** Every signal is counted in so many bins. */
export const BINS = 64;

/** Everything that is measured as a number: the one table from which metrics, sketches and drift come. */
export const signals = {
  width: { group: 'picture', help: 'Width of the picture', unit: 'pixels', low: 16, high: 16_384, isLogarithmic: true },
  height: {
    group: 'picture',
    help: 'Height of the picture',
    unit: 'pixels',
    low: 8,
    high: 16_384,
    isLogarithmic: true,
  },
  aspect: {
    group: 'picture',
    help: 'Width of the picture by its height',
    unit: 'ratio',
    low: 0.1,
    high: 100,
    isLogarithmic: true,
  },
  brightness: { group: 'picture', help: 'Mean gray, 1 for white', unit: 'ratio', low: 0, high: 1 },
  contrast: {
    group: 'picture',
    help: 'From the 1st to the 99th percentile of gray',
    unit: 'ratio',
    low: 0,
    high: 1,
  },
  ink: {
    group: 'picture',
    help: 'Share of the picture that is ink',
    unit: 'ratio',
    low: 0.001,
    high: 1,
    isLogarithmic: true,
  },
  sharpness: { group: 'picture', help: 'Steepest edges by contrast', unit: 'ratio', low: 0, high: 1 },
  inverted: { group: 'picture', help: '1 for light ink on dark paper, otherwise 0', unit: 'ratio', low: 0, high: 1 },
  stroke: {
    group: 'picture',
    help: 'Mean length of horizontal runs of ink, in pixels of the picture',
    unit: 'pixels',
    low: 0.25,
    high: 64,
    isLogarithmic: true,
  },
  'x-height': {
    group: 'picture',
    help: 'Height of small letters, in pixels of the picture',
    unit: 'pixels',
    low: 1,
    high: 512,
    isLogarithmic: true,
  },
  skew: {
    group: 'picture',
    help: 'Angle by which lines descend to the right, as far as it was straightened',
    unit: 'degrees',
    low: -16,
    high: 16,
  },
  lines: { group: 'picture', help: 'Lines that were read', unit: 'lines', low: 0, high: 64 },
  slant: { group: 'writing', help: 'Angle by which strokes lean to the right', unit: 'degrees', low: -48, high: 48 },
  weight: {
    group: 'writing',
    help: 'Stroke by x-height',
    unit: 'ratio',
    low: 0.02,
    high: 2,
    isLogarithmic: true,
  },
  spread: {
    group: 'writing',
    help: 'Width of a line by its height and characters',
    unit: 'ratio',
    low: 0.05,
    high: 5,
    isLogarithmic: true,
  },
  confidence: { group: 'reading', help: 'Mean confidence of characters', unit: 'ratio', low: 0, high: 1 },
  'least-confidence': { group: 'reading', help: 'Least confidence of a word', unit: 'ratio', low: 0, high: 1 },
  length: {
    group: 'reading',
    help: 'Characters that were read, and 1',
    unit: 'characters',
    low: 1,
    high: 4096,
    isLogarithmic: true,
  },
  'language-model': {
    group: 'reading',
    help: 'Edits from the best path of the network to the text, by its length',
    unit: 'ratio',
    low: 0,
    high: 1,
  },
  entropy: {
    group: 'reading',
    help: 'By character, entropy of what the network says of the line',
    unit: 'bits',
    low: 1 / 32,
    high: 32,
    isLogarithmic: true,
  },
  surprise: {
    group: 'reading',
    help: 'By character, how little the language model expects the text',
    unit: 'bits',
    low: 0,
    high: 10,
  },
} as const satisfies Record<string, Signal>;

export type SignalName = keyof typeof signals;

export const signalNames = Object.keys(signals) as readonly SignalName[];

/** Of the ratios of the signals' ranges. */
const logarithms = Object.fromEntries(
  signalNames.map((name) => [name, Math.log(signals[name].high / signals[name].low)]),
) as Readonly<Record<SignalName, number>>;

/** The bin of a value, from 0; values beyond the signal's range are in the first or the last. */
export function binOf(name: SignalName, value: number): number {
  const { low, high, isLogarithmic }: Signal = signals[name];
  const share = isLogarithmic ? Math.log(value / low) / logarithms[name] : (value - low) / (high - low);
  return Math.min(BINS - 1, Math.max(0, Math.floor(share * BINS))) || 0;
}

/** The value in the middle of a bin. */
export function middleOf(name: SignalName, bin: number): number {
  return valueAt(name, (bin + 0.5) / BINS);
}

/** The value at a share, 0 to 1, of the signal's range. */
export function valueAt(name: SignalName, share: number): number {
  const { low, high, isLogarithmic }: Signal = signals[name];
  return isLogarithmic ? low * (high / low) ** share : low + share * (high - low);
}
