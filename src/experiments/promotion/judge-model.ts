import { TextRecognizerError } from '../../errors.ts';
import { percent } from '../../report/percent.ts';
import type { StoredModel } from '../../models/model-store.ts';
import type { ModelEvaluation } from '../../tasks/task.ts';
import {
  compareEvaluations,
  evaluateOn,
  requireSameKind,
  type CompareOptions,
  type Comparison,
} from './compare-models.ts';
import { servingCosts, type CostOptions, type ServingCost } from './serving-cost.ts';

/** A figure, as `evaluate --json` names it or `bytes`, `milliseconds` or `megabytes`, and its bound. */
export interface Bound {
  readonly figure: string;
  readonly value: number;
}

export interface JudgeOptions extends CompareOptions, CostOptions {
  /** Figures must be at least, or at most, so much, on each data set. */
  readonly atLeast?: readonly Bound[];
  readonly atMost?: readonly Bound[];
  /** How many more errors than the installed model's may be possible, as a share of what there is to read; default 0.01. */
  readonly margin?: number;
  /** How many times the installed model's size, time and memory it may take; default 1.5. */
  readonly budget?: number;
}

/** One thing that was checked. */
export interface Check {
  readonly passed: boolean;
  /** What was found, and what it must be. */
  readonly finding: string;
}

/** A model with the folder that it is in. */
export interface LocatedModel {
  readonly folder: string;
  readonly model: StoredModel;
}

/**
 * Checks whether a model may take the place of the installed one: its figures against their bounds, its errors against those of the
 * installed model on the same data, and its size, time and memory. Throws INVALID_ARGUMENT for models of different kinds and for figures
 * that are not known.
 */
export async function judgeModel(
  candidate: LocatedModel,
  installed: LocatedModel | undefined,
  options: JudgeOptions,
): Promise<readonly Check[]> {
  if (installed) requireSameKind(installed.model, candidate.model);
  const evaluations = await evaluateOn(candidate.model, options);
  const folders = [candidate, ...(installed ? [installed] : [])].map(({ folder }) => folder);
  const [cost, installedCost] = await servingCosts(folders, options);
  const checks = evaluations.flatMap((evaluation) => boundChecks(evaluation, cost, options));
  if (installed === undefined) return checks;
  const before = await evaluateOn(installed.model, options);
  const { margin = 0.01, budget = 1.5 } = options;
  return [
    ...checks,
    ...compareEvaluations(before, evaluations, options).map((comparison) => regressionCheck(comparison, margin)),
    ...budgetChecks(cost, installedCost, budget),
  ];
}

function boundChecks(
  { title, json }: ModelEvaluation,
  cost: ServingCost,
  { atLeast = [], atMost = [] }: JudgeOptions,
): Check[] {
  const figures = { ...json, ...cost };
  const check = ({ figure, value }: Bound, isMet: (found: number) => boolean, bound: string): Check => {
    const found = figureOf(figures, figure);
    return { passed: isMet(found), finding: `${title}: ${figure} ${round(found)}, ${bound} ${value}` };
  };
  return [
    ...atLeast.map((bound) => check(bound, (found) => found >= bound.value, 'at least')),
    ...atMost.map((bound) => check(bound, (found) => found <= bound.value, 'at most')),
  ];
}

function figureOf(figures: Readonly<Record<string, unknown>>, name: string): number {
  const figure = figures[name];
  if (typeof figure === 'number') return figure;
  const known = Object.keys(figures).filter((key) => typeof figures[key] === 'number');
  throw new TextRecognizerError('INVALID_ARGUMENT', `There is no figure '${name}'; there are ${known.join(', ')}.`);
}

/** Passes only where the interval leaves no room for more errors than the margin: few data prove nothing. */
export function regressionCheck({ data, before, after, low, high, items }: Comparison, margin: number): Check {
  const rates = `errors on ${data} ${percent(after, 2)}, installed ${percent(before, 2)}`;
  const interval = `difference ${signed(low)} to ${signed(high)}`;
  const passed = high <= margin;
  const reason = low > 0 ? 'worse' : `${items} items leave open whether it is worse by more than ${percent(margin, 2)}`;
  return { passed, finding: `${rates}; ${interval}, at most ${signed(margin)}${passed ? '' : `: ${reason}`}` };
}

function budgetChecks(cost: ServingCost, installed: ServingCost, budget: number): Check[] {
  const names = { bytes: 'bytes', milliseconds: 'milliseconds for one reading', megabytes: 'megabytes of memory' };
  return (Object.keys(names) as (keyof ServingCost)[]).map((key) => ({
    passed: cost[key] <= budget * installed[key],
    finding: `${round(cost[key])} ${names[key]}, installed ${round(installed[key])}, at most ${budget} times as much`,
  }));
}

const signed = (difference: number): string => `${difference > 0 ? '+' : ''}${percent(difference, 2)}`;

const round = (figure: number): string => String(Number(figure.toPrecision(4)));
