import type { RunSummary, Setting } from '../tracking/run-summary.ts';
import { fieldNames, runValue } from '../tracking/run-value.ts';

/** Groups that a setting with many values is put into. */
const GROUPS = 6;

export interface SettingImportance {
  readonly setting: string;
  /** Share of the metric's variance that goes with the setting alone, 0 to 1: ε², which corrects η² for the number of groups (Kelley 1935). */
  readonly share: number;
  /** Spearman's rank correlation with the metric, for numbers. */
  readonly correlation: number | undefined;
  readonly runs: number;
}

/** How much each setting that differs between runs has to do with a metric, the most first. */
export function settingImportance(runs: readonly RunSummary[], metric: string): SettingImportance[] {
  const measured = runs.flatMap((run) => {
    const value = runValue(run, metric);
    return typeof value === 'number' ? [{ run, value }] : [];
  });
  return fieldNames(runs)
    .settings.flatMap((setting) => {
      const pairs = measured.flatMap(({ run, value }) => {
        const x = run.settings[setting];
        return x === undefined ? [] : [{ x, y: value }];
      });
      const groups = groupsOf(pairs);
      if (groups.length < 2 || groups.length >= pairs.length) return [];
      return [{ setting, share: explainedShare(groups), correlation: correlationOf(pairs), runs: pairs.length }];
    })
    .sort((a, b) => b.share - a.share);
}

interface Pair {
  readonly x: Setting;
  readonly y: number;
}

/** The metric's values for each value of the setting, or for ranges of it with about as many runs each. */
function groupsOf(pairs: readonly Pair[]): number[][] {
  const byValue = new Map<Setting, number[]>();
  for (const { x, y } of pairs) {
    const group = byValue.get(x);
    if (group) group.push(y);
    else byValue.set(x, [y]);
  }
  const areNumbers = [...byValue.keys()].every((x) => typeof x === 'number');
  if (!areNumbers || byValue.size <= GROUPS) return [...byValue.values()];
  const sorted = [...byValue].sort(([a], [b]) => Number(a) - Number(b));
  const groups: number[][] = Array.from({ length: GROUPS }, () => []);
  let before = 0;
  for (const [, ys] of sorted) {
    groups[Math.floor((before / pairs.length) * GROUPS)].push(...ys);
    before += ys.length;
  }
  return groups.filter((group) => group.length > 0);
}

/** ε² = (SS_between − (k − 1) MS_within) / SS_total, at least 0. */
function explainedShare(groups: readonly (readonly number[])[]): number {
  const all = groups.flat();
  const total = squaresOf(all);
  if (total === 0) return 0;
  const within = sumOf(groups.map(squaresOf));
  const perDegree = within / (all.length - groups.length);
  return Math.max(0, (total - within - (groups.length - 1) * perDegree) / total);
}

function correlationOf(pairs: readonly Pair[]): number | undefined {
  if (!pairs.every(({ x }) => typeof x === 'number')) return undefined;
  const xs = ranksOf(pairs.map(({ x }) => Number(x)));
  const ys = ranksOf(pairs.map(({ y }) => y));
  const [meanX, meanY] = [meanOf(xs), meanOf(ys)];
  const covariance = sumOf(xs.map((x, i) => (x - meanX) * (ys[i] - meanY)));
  const spread = Math.sqrt(sumOf(xs.map((x) => (x - meanX) ** 2)) * sumOf(ys.map((y) => (y - meanY) ** 2)));
  return spread === 0 ? undefined : covariance / spread;
}

/** Equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks: number[] = Array.from({ length: values.length });
  for (let begin = 0; begin < sorted.length;) {
    let end = begin;
    while (end < sorted.length && values[sorted[end]] === values[sorted[begin]]) end++;
    for (let i = begin; i < end; i++) ranks[sorted[i]] = (begin + end - 1) / 2;
    begin = end;
  }
  return ranks;
}

/** Of the differences from the mean. */
function squaresOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return sumOf(values.map((value) => (value - mean) ** 2));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}
