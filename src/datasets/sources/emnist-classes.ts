const DIGITS = [...'0123456789'];
const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const SMALL = [...'abcdefghijklmnopqrstuvwxyz'];

/** The 62 classes of EMNIST ByClass in label order: digits, capitals, small letters (Cohen et al. 2017, arXiv:1702.05373). */
export const EMNIST_CLASSES: readonly string[] = [...DIGITS, ...CAPITALS, ...SMALL];

/** ByMerge and Balanced: the small letters that look like their capitals are in one class with them, under the capital. */
const MERGED = [...DIGITS, ...CAPITALS, ...'abdefghnqrt'];

/** One of NIST's six ways to divide EMNIST. */
export interface EmnistSplitInfo {
  readonly classes: readonly string[];
  /** The label of the first class in NIST's files. */
  readonly firstLabel: number;
  /** Items that NIST publishes. */
  readonly train: number;
  readonly test: number;
}

/** EMNIST's official splits, as in the archive that NIST publishes today (Letters is larger there than in the paper). */
export const EMNIST_SPLITS = {
  byclass: { classes: EMNIST_CLASSES, firstLabel: 0, train: 697_932, test: 116_323 },
  bymerge: { classes: MERGED, firstLabel: 0, train: 697_932, test: 116_323 },
  balanced: { classes: MERGED, firstLabel: 0, train: 112_800, test: 18_800 },
  // Both cases in one class; its labels begin at 1.
  letters: { classes: CAPITALS, firstLabel: 1, train: 124_800, test: 20_800 },
  digits: { classes: DIGITS, firstLabel: 0, train: 240_000, test: 40_000 },
  mnist: { classes: DIGITS, firstLabel: 0, train: 60_000, test: 10_000 },
} as const satisfies Record<string, EmnistSplitInfo>;

export type EmnistSplit = keyof typeof EMNIST_SPLITS;
export type EmnistPart = 'train' | 'test';
