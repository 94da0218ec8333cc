import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { TextRecognizerError } from '../../../errors.ts';
import type { AdapterAbout, AdapterComparison } from '../../../models/adapter.ts';
import type { WeightDifferences } from '../../../networks/weight-differences.ts';
import { percent } from '../../../report/percent.ts';
import type { Judge } from './judge.ts';
import { rates, shareOf } from './judge-trials.ts';

export interface ShareQuestion {
  /** From all lines. */
  readonly learned: WeightDifferences;
  /** What the hand gains by a share; throws where that is nothing. */
  readonly gainOf: (share: number) => Promise<AdapterComparison>;
  readonly others: readonly LineDataset[];
  /** How much the character error rate of each of the others may rise. */
  readonly mostHarm: number;
  /** The largest share that is tried. */
  readonly mostShare: number;
}

export interface ChosenShare extends Pick<AdapterAbout, 'others'> {
  readonly share: number;
  readonly gained: AdapterComparison;
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
  { learned, gainOf, others, mostHarm, mostShare }: ShareQuestion,
): Promise<ChosenShare> {
  let refused = '';
  for (const share of [mostShare, ...shares.filter((share) => share < mostShare)]) {
    const differences = shareOf(learned, share);
    const measured = await judge.compare(differences, others);
    const hurt = measured.findIndex((comparison) => riseOf(comparison) > mostHarm);
    if (hurt < 0) {
      const gained = await gainOf(share);
      return {
        share,
        differences,
        gained,
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

const riseOf = ({ before, after, characters }: AdapterComparison): number => (after - before) / Math.max(1, characters);
