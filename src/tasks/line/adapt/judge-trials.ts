import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { TextRecognizerError } from '../../../errors.ts';
import { type AdapterComparison, roundedToHalf } from '../../../models/adapter.ts';
import { sumOfDifferences, type WeightDifferences } from '../../../networks/weight-differences.ts';
import { percent } from '../../../report/percent.ts';
import { type Judge, totalOf } from './judge.ts';

/** What was learned without some lines, and these lines. */
export interface Trial {
  readonly heldOut: LineDataset;
  readonly learned: WeightDifferences;
}

/** What held-out lines are judged by. */
export interface Yardstick {
  readonly compare: (differences: WeightDifferences, lines: LineDataset) => Promise<AdapterComparison>;
  /** What is said of the characters that it counts. */
  readonly counts: string;
  /** What to do where nothing is gained. */
  readonly advice: string;
}

/** Characters that are wrong. */
export const errorsOf = (judge: Judge): Yardstick => ({
  compare: async (differences, lines) => (await judge.compare(differences, [lines]))[0],
  counts: 'are wrong',
  advice: 'are the texts those of the lines, and the lines of one hand? More lines may help',
});

/** Where there are no texts: characters that the network would read otherwise without the language model. */
export const doubtsOf = (judge: Judge): Yardstick => ({
  compare: (differences, lines) => judge.compareDoubts(differences, lines),
  counts: 'are read otherwise without the language model',
  advice: 'give some lines with their texts',
});

/** The held-out lines of all trials, with a share of what was learned; throws ADAPTATION_REFUSED unless they are better than before. */
export async function judgeTrials(
  { compare, counts, advice }: Yardstick,
  trials: readonly Trial[],
  share: number,
): Promise<AdapterComparison> {
  const parts: AdapterComparison[] = [];
  for (const { heldOut, learned } of trials) parts.push(await compare(shareOf(learned, share), heldOut));
  const total = totalOf(parts);
  if (total.after < total.before) return total;
  throw new TextRecognizerError(
    'ADAPTATION_REFUSED',
    `On ${total.lines} lines that were held out nothing was gained: ${rates(total)} of the characters ${counts}. Nothing was written; ${advice}.`,
  );
}

/** Differences times a share, as they are stored. */
export const shareOf = (differences: WeightDifferences, weight: number): WeightDifferences =>
  weight === 1 ? differences : roundedToHalf(sumOfDifferences([{ differences, weight }]));

/** `10.0 % instead of 20.0 %`. */
export const rates = ({ before, after, characters }: AdapterComparison): string =>
  [after, before].map((errors) => percent(errors / Math.max(1, characters))).join(' instead of ');
