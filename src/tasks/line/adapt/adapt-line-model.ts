import { labelLines, leftOutNotice } from '../../../datasets/batches/labelled-lines.ts';
import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { subsetLines } from '../../../datasets/lines/memory-lines.ts';
import { TextRecognizerError } from '../../../errors.ts';
import { packageVersion } from '../../../files/package-version.ts';
import { type Adapter, checkAdapterName, roundedToHalf } from '../../../models/adapter.ts';
import { type AdaptableModel, adaptableModel } from '../../../models/apply-adapter.ts';
import type { StoredModel } from '../../../models/model-store.ts';
import { weightsLicence } from '../../../models/weights-licence.ts';
import type { WeightDifferences } from '../../../networks/weight-differences.ts';
import { Alphabet } from '../../../text/alphabet.ts';
import { lineLicence } from '../line-licence.ts';
import { type AdapterRecipe, AdapterTrainer } from './adapter-trainer.ts';
import { chooseShare, judgeTrials, type Trial } from './choose-share.ts';
import { practiceLines } from './bundled-lines.ts';
import { foldsOf } from './folds.ts';
import { Judge, type JudgeOptions } from './judge.ts';

export interface AdaptOptions extends Partial<AdapterRecipe>, JudgeOptions {
  /** What the adapted reader is called. */
  readonly name: string;
  /** Lines of other hands, on which it is measured how much worse they are read. */
  readonly others: readonly LineDataset[];
  /** Lines to keep in practice with, so that others are not forgotten; lines of characters from EMNIST by default. */
  readonly practice?: LineDataset;
  /** The largest share of what was learned that is tried, in (0, 1]; all of it by default. */
  readonly mostShare?: number;
  /** How much the character error rate of each of them may rise; 0.02 by default. */
  readonly mostHarm?: number;
  readonly signal?: AbortSignal;
  /** Is told which step of how many is done. */
  readonly onStep?: (step: number, steps: number) => void;
  /** Gets what the user should know, e.g. that lines were left out. */
  readonly onNotice?: (message: string) => void;
}

/** Fewer lines say too little of a hand. */
export const leastLines = 16;
/** With fewer lines a quarter of them decides too little, so that each quarter is held out in turn. */
const fewLines = 48;
const quarters = 4;
/** So many lines to keep in practice with for each of the hand. */
const practiceWeight = 0.3;

/** Optimiser steps for so many lines. */
export const stepsFor = (lines: number): number => Math.round(15 * Math.sqrt(lines));

/**
 * Learns the hand of some lines: small differences to the weights of a line model, in minutes. A quarter of the lines, or each quarter in
 * turn, is held out and decides; what comes out has then learned from all lines. Throws INVALID_ARGUMENT for too few lines or a model that
 * cannot be adapted, ADAPTATION_REFUSED where the held-out lines are not read better, or others are read worse than is allowed.
 */
export async function adaptLineModel(stored: StoredModel, lines: LineDataset, options: AdaptOptions): Promise<Adapter> {
  checkAdapterName(options.name);
  const model = adaptableModel(stored);
  const usable = usableLines(lines, new Alphabet(model.manifest.alphabet), options);
  const settings = withUsual(options);
  const judge = await Judge.open(model, options);
  try {
    const { figures, recipe, differences } = await learnAndJudge(usable, model, judge, settings);
    const { name, file, licence } = stored.manifest;
    const data = { name: lines.name, lines: usable.length, licence: lineLicence(lines) };
    const about = {
      format: 1 as const,
      name: options.name,
      base: { name, sha256: file.sha256 },
      licence: weightsLicence([licence, data.licence]),
      data: [data],
      recipe: { ...recipe, 'text-recognizer': packageVersion() },
      date: new Date().toISOString().slice(0, 10),
      ...figures,
    };
    return { about, differences };
  } finally {
    await judge.close();
  }
}

type Settings = ReturnType<typeof withUsual>;

/** The options, and what is usual where they say nothing. */
function withUsual({ rank, learningRate, seed, mostHarm, mostShare, ...options }: AdaptOptions) {
  return {
    ...options,
    rank: rank ?? 8,
    learningRate: learningRate ?? 0.005,
    seed: seed ?? 42,
    mostHarm: mostHarm ?? 0.02,
    mostShare: mostShare ?? 1,
  };
}

async function learnAndJudge(lines: LineDataset, model: AdaptableModel, judge: Judge, settings: Settings) {
  const { rank, seed, learningRate, steps = stepsFor(lines.length), others, mostHarm, mostShare } = settings;
  const trainer = await AdapterTrainer.open(model, judge.alphabet, settings);
  try {
    const { learned, trials } = await learnInTurns(lines, trainer, judge, { ...settings, steps });
    const { share, differences, ...figures } = await chooseShare(judge, {
      learned,
      trials,
      others,
      mostHarm,
      mostShare,
    });
    return { figures, differences, recipe: { rank, learningRate, steps, seed, share } };
  } finally {
    await trainer.close();
  }
}

/** Learns from parts of the lines and, if what was held out each time gains by it, from all. */
async function learnInTurns(
  lines: LineDataset,
  trainer: AdapterTrainer,
  judge: Judge,
  { steps, seed, learningRate, signal, ...options }: Settings & { readonly steps: number },
): Promise<{ learned: WeightDifferences; trials: readonly Trial[] }> {
  const folds = foldsOf(lines, quarters, seed).slice(0, lines.length < fewLines ? quarters : 1);
  const practice = { dataset: options.practice ?? (await practiceLines()), weight: practiceWeight };
  const learn = async (dataset: LineDataset, turn: number): Promise<WeightDifferences> => {
    const onStep = (step: number) => options.onStep?.(turn * steps + step, (folds.length + 1) * steps);
    const sets = [{ dataset, weight: 1 }, practice];
    return roundedToHalf(await trainer.learn(sets, { steps, learningRate }, { signal, onStep }));
  };
  const trials: Trial[] = [];
  for (const [turn, { train, heldOut }] of folds.entries()) trials.push({ heldOut, learned: await learn(train, turn) });
  await judgeTrials(judge, trials);
  return { learned: await learn(lines, folds.length), trials };
}

/** The lines that can be learned from; throws INVALID_ARGUMENT where there are too few. */
function usableLines(
  lines: LineDataset,
  alphabet: Alphabet,
  { onNotice }: Pick<AdaptOptions, 'onNotice'>,
): LineDataset {
  const labelled = labelLines(lines, alphabet);
  const notice = leftOutNotice(labelled);
  if (notice !== undefined) onNotice?.(notice);
  const { indices } = labelled;
  if (indices.length >= leastLines) return subsetLines(lines, [...indices]);
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${lines.name} has ${indices.length} lines that can be learned from; a hand takes at least ${leastLines}, and gains most up to some 256.`,
  );
}
