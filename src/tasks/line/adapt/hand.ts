import type { LineLoaderSet } from '../../../datasets/batches/line-batch-loader.ts';
import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { subsetLines } from '../../../datasets/lines/memory-lines.ts';
import { TextRecognizerError } from '../../../errors.ts';
import type { AdapterAbout } from '../../../models/adapter.ts';
import { lineLicence } from '../line-licence.ts';
import { foldsOf } from './folds.ts';
import type { Judge } from './judge.ts';
import { doubtsOf, errorsOf, type Yardstick } from './judge-trials.ts';
import { sureLines } from './sure-lines.ts';

/** Lines of one hand, as they are learned from and judged by. */
export interface Hand {
  /** Parts that are held out, with what is learned from meanwhile. */
  readonly turns: readonly { readonly heldOut: LineDataset; readonly sets: readonly LineLoaderSet[] }[];
  /** All that is learned from in the end. */
  readonly sets: readonly LineLoaderSet[];
  readonly yardstick: Yardstick;
  /** The largest share of what is learned that may be taken. */
  readonly mostShare: number;
  /** Under what an adapter says what its held-out lines gained. */
  readonly figure: 'heldOut' | 'doubts';
}

/** Fewer lines say too little of a hand. */
export const leastLines = 16;
/** With fewer lines a quarter of them decides too little, so that each quarter is held out in turn. */
const fewLines = 48;
const quarters = 4;

/** What is learned from readings makes doubts fewer than errors: more of it is worse again (docs/lab/adapt.md). */
const ownReadingsShare = 0.5;

/** A hand by lines with texts; those without, if there are any, are learned from where the reader is sure. */
export async function labelledHand(
  lines: LineDataset,
  unlabelled: LineDataset | undefined,
  judge: Judge,
  seed: number,
): Promise<Hand> {
  const sure = unlabelled && sureLines(unlabelled, await judge.read(unlabelled));
  const also = sure && sure.length > 0 ? [{ dataset: sure, weight: sure.length / lines.length }] : [];
  const setsOf = (dataset: LineDataset) => [{ dataset, weight: 1 }, ...also];
  const folds = foldsOf(lines, quarters, seed).slice(0, lines.length < fewLines ? quarters : 1);
  return {
    turns: folds.map(({ train, heldOut }) => ({ heldOut, sets: setsOf(train) })),
    sets: setsOf(lines),
    yardstick: errorsOf(judge),
    mostShare: 1,
    figure: 'heldOut',
  };
}

/** A hand by lines without texts; throws INVALID_ARGUMENT where the reader is sure of too few of them. */
export async function unlabelledHand(lines: LineDataset, judge: Judge, seed: number): Promise<Hand> {
  const sure = sureLines(lines, await judge.read(lines));
  const [{ heldOut }] = foldsOf(lines, quarters, seed);
  const held = new Set(heldOut.lines.map(({ id }) => id));
  const kept = sure.lines.flatMap(({ id }, i) => (held.has(id) ? [] : [i]));
  if (kept.length < leastLines) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Of the ${lines.length - heldOut.length} lines of ${lines.name} that can be learned from, the reader is sure of ${kept.length}; ` +
        `it takes ${leastLines}. Give more lines, or some with their texts.`,
    );
  }
  return {
    turns: [{ heldOut, sets: [{ dataset: subsetLines(sure, kept), weight: 1 }] }],
    sets: [{ dataset: sure, weight: 1 }],
    yardstick: doubtsOf(judge),
    mostShare: ownReadingsShare,
    figure: 'doubts',
  };
}

/** How many lines a hand is learned from. */
export const sizeOf = ({ sets }: Hand): number => sets.reduce((sum, { dataset }) => sum + dataset.length, 0);

/** What an adapter says it has learned from. */
export function dataOf({ sets }: Hand): AdapterAbout['data'] {
  return sets.map(({ dataset }) => ({ name: dataset.name, lines: dataset.length, licence: lineLicence(dataset) }));
}
