import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { TextRecognizerError } from '../../../errors.ts';
import { type AdapterAbout, type AdapterComparison, roundedToHalf } from '../../../models/adapter.ts';
import { sumOfDifferences, type WeightDifferences } from '../../../networks/weight-differences.ts';
import { percent } from '../../../report/percent.ts';
import { type Judge, totalOf } from './judge.ts';

/** What was learned without some lines, and these lines. */
export interface Trial {
  readonly heldOut: LineDataset;
  readonly learned: WeightDifferences;
}

export interface ShareQuestion {
  /** From all lines. */
  readonly learned: WeightDifferences;
  readonly trials: readonly Trial[];
  readonly others: readonly LineDataset[];
  /** How much the character error rate of each of the others may rise. */
  readonly mostHarm: number;
  /** The largest share that is tried. */
  readonly mostShare: number;
}

export interface ChosenShare extends Required<Pick<AdapterAbout, 'heldOut' | 'others'>> {
  readonly share: number;
  readonly differences: WeightDifferences;
}

/**
 * On the way from the model to what it learned, the hand gains most at first and others lose most at last (Wortsman et al. 2022, "Robust
 * fine-tuning of zero-shot models", https://arxiv.org/abs/2109.01903).
 */
const shares = [1, 0.75, 0.5, 0.25];

/**
 * The largest share of what was learned with which others are hurt no more than is allowed; throws ADAPTATION_REFUSED where there is none, or
 * the held-out lines gain nothing from it.
 */
export async function chooseShare(
  judge: Judge,
  { learned, trials, others, mostHarm, mostShare }: ShareQuestion,
): Promise<ChosenShare> {
  let refused = '';
  for (const share of [mostShare, ...shares.filter((share) => share < mostShare)]) {
    const differences = shareOf(learned, share);
    const measured = await judge.compare(differences, others);
    const hurt = measured.findIndex((comparison) => riseOf(comparison) > mostHarm);
    if (hurt < 0) {
      const heldOut = await judgeTrials(judge, trials, share);
      return {
        share,
        differences,
        heldOut,
        others: Object.fromEntries(others.map(({ name }, i) => [name, measured[i]])),
      };
    }
    refused = `lines of ${others[hurt].name} would be read with ${rates(measured[hurt])} of the characters wrong`;
  }
  throw new TextRecognizerError(
    'ADAPTATION_REFUSED',
    `Other hands would lose more than ${percent(mostHarm, 1)}, even with a quarter of what was learned: ${refused}. Nothing was written; give more lines, or allow more harm.`,
  );
}

/** The errors on the lines that were held out; throws ADAPTATION_REFUSED unless there are fewer than before. */
export async function judgeTrials(judge: Judge, trials: readonly Trial[], share = 1): Promise<AdapterComparison> {
  const parts: AdapterComparison[] = [];
  for (const { heldOut, learned } of trials) parts.push(...(await judge.compare(shareOf(learned, share), [heldOut])));
  const total = totalOf(parts);
  if (total.after < total.before) return total;
  throw new TextRecognizerError(
    'ADAPTATION_REFUSED',
    `On ${total.lines} lines that were held out nothing was gained: ${rates(total)} of the characters are wrong. Nothing was written; ` +
      'are the texts those of the lines, and the lines of one hand? More lines may help.',
  );
}

const shareOf = (differences: WeightDifferences, weight: number): WeightDifferences =>
  weight === 1 ? differences : roundedToHalf(sumOfDifferences([{ differences, weight }]));

const riseOf = ({ before, after, characters }: AdapterComparison): number => (after - before) / Math.max(1, characters);

const rates = ({ before, after, characters }: AdapterComparison): string =>
  [after, before].map((errors) => percent(errors / Math.max(1, characters))).join(' instead of ');
