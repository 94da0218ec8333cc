import { labelLines, leftOutNotice } from '../../../datasets/batches/labelled-lines.ts';
import type { LineLoaderSet } from '../../../datasets/batches/line-batch-loader.ts';
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
import { type AdapterRecipe, AdapterTrainer } from './adapter-trainer.ts';
import { chooseShare } from './choose-share.ts';
import { practiceLines } from './bundled-lines.ts';
import { dataOf, type Hand, labelledHand, leastLines, sizeOf, unlabelledHand } from './hand.ts';
import { Judge, type JudgeOptions } from './judge.ts';
import { judgeTrials, type Trial } from './judge-trials.ts';

export interface AdaptOptions extends Partial<AdapterRecipe>, JudgeOptions {
  /** What the adapted reader is called. */
  readonly name: string;
  /** Lines of other hands, on which it is measured how much worse they are read. */
  readonly others: readonly LineDataset[];
  /** Lines of the hand without their texts: what the reader is sure of is learned from, too. It needs the language model. */
  readonly unlabelled?: LineDataset;
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

/** So many lines to keep in practice with for each of the hand. */
const practiceWeight = 0.3;

/** Optimiser steps for so many lines. */
const stepsFor = (lines: number): number => Math.round(15 * Math.sqrt(lines));

/**
 * Learns the hand of some lines: small differences to the weights of a line model, in minutes. A quarter of the lines, or each quarter in
 * turn, is held out and decides; what comes out has then learned from all lines. Without lines that have texts it learns from its own
 * readings (`unlabelled`), and judges by how often the language model disagrees with it. Throws INVALID_ARGUMENT for too few lines or a model
 * that cannot be adapted, ADAPTATION_REFUSED where nothing is gained, or others are read worse than is allowed.
 */
export async function adaptLineModel(
  stored: StoredModel,
  lines: LineDataset | undefined,
  options: AdaptOptions,
): Promise<Adapter> {
  checkAdapterName(options.name);
  const model = adaptableModel(stored);
  const usable = lines && usableLines(lines, new Alphabet(model.manifest.alphabet), options);
  const settings = withUsual(options);
  const judge = await Judge.open(model, options);
  try {
    const hand = await handOf(usable, judge, settings);
    const mostShare = Math.min(settings.mostShare, hand.mostShare);
    const { figures, recipe, differences } = await learnAndJudge(hand, model, judge, { ...settings, mostShare });
    const { name, file, licence } = stored.manifest;
    const data = dataOf(hand);
    const about = {
      format: 1 as const,
      name: options.name,
      base: { name, sha256: file.sha256 },
      licence: weightsLicence([licence, ...data.map((set) => set.licence)]),
      data,
      recipe: { ...recipe, 'text-recognizer': packageVersion() },
      date: new Date().toISOString().slice(0, 10),
      ...figures,
    };
    return { about, differences };
  } finally {
    await judge.close();
  }
}

async function handOf(lines: LineDataset | undefined, judge: Judge, settings: Settings): Promise<Hand> {
  const { unlabelled, languageModel, seed } = settings;
  if (unlabelled && !languageModel) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      'Learning from readings needs a language model, and a model that is read with one; give lines with their texts instead.',
    );
  }
  if (lines) return await labelledHand(lines, unlabelled, judge, seed);
  if (unlabelled) return await unlabelledHand(unlabelled, judge, seed);
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    'There are no lines to learn from; give some with or without texts.',
  );
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

async function learnAndJudge(hand: Hand, model: AdaptableModel, judge: Judge, settings: Settings) {
  const { rank, seed, learningRate, steps = stepsFor(sizeOf(hand)), others, mostHarm, mostShare } = settings;
  const trainer = await AdapterTrainer.open(model, judge.alphabet, settings);
  try {
    const { learned, trials } = await learnInTurns(hand, trainer, { ...settings, steps });
    const gainOf = (share: number) => judgeTrials(hand.yardstick, trials, share);
    const chosen = await chooseShare(judge, { learned, gainOf, others, mostHarm, mostShare });
    return {
      figures: { [hand.figure]: chosen.gained, others: chosen.others },
      differences: chosen.differences,
      recipe: { rank, learningRate, steps, seed, share: chosen.share },
    };
  } finally {
    await trainer.close();
  }
}

/** Learns from parts of the lines and, if what was held out each time gains by it, from all. */
async function learnInTurns(
  { turns, sets, yardstick }: Hand,
  trainer: AdapterTrainer,
  { steps, learningRate, signal, mostShare, ...options }: Settings & { readonly steps: number },
): Promise<{ learned: WeightDifferences; trials: readonly Trial[] }> {
  const practice = { dataset: options.practice ?? (await practiceLines()) };
  const learn = async (of: readonly LineLoaderSet[], turn: number): Promise<WeightDifferences> => {
    const onStep = (step: number) => options.onStep?.(turn * steps + step, (turns.length + 1) * steps);
    const weight = practiceWeight * of.reduce((sum, set) => sum + set.weight, 0);
    const learned = await trainer.learn([...of, { ...practice, weight }], { steps, learningRate }, { signal, onStep });
    return roundedToHalf(learned);
  };
  const trials: Trial[] = [];
  for (const [turn, { sets: others, heldOut }] of turns.entries()) {
    trials.push({ heldOut, learned: await learn(others, turn) });
  }
  await judgeTrials(yardstick, trials, mostShare);
  return { learned: await learn(sets, turns.length), trials };
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
