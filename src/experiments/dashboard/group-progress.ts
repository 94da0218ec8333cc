import { modeOf, runValue } from '../tracking/run-value.ts';
import { runStates, type RunState, type RunSummary } from '../tracking/run-summary.ts';
import type { GroupProgress } from './dashboard-api.ts';

/** How far each group has come, those that were last heard of first. */
export function groupProgress(runs: readonly RunSummary[]): GroupProgress[] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const group = groups.get(run.group);
    if (group) group.push(run);
    else groups.set(run.group, [run]);
  }
  return [...groups]
    .sort(([, a], [, b]) => (lastSign(a) < lastSign(b) ? 1 : -1))
    .map(([group, members]) => progressOf(group, members));
}

function progressOf(group: string, runs: readonly RunSummary[]): GroupProgress {
  const metric = runs.find(({ monitor }) => monitor)?.monitor?.metric;
  const states = Object.fromEntries(runStates.map((state) => [state, 0])) as Record<RunState, number>;
  for (const { state } of runs) states[state]++;
  return { group, runs: runs.length, states, done: shareDone(runs), metric, ...bestOfGroup(runs, metric) };
}

/** A run that has finished is done, whether or not it ended early. */
function shareDone(runs: readonly RunSummary[]): number {
  const shares = runs.map(({ state, log }) =>
    state === 'finished' ? 1 : log.epochs === 0 ? 0 : log.epoch / log.epochs,
  );
  return shares.reduce((sum, share) => sum + share, 0) / runs.length;
}

function bestOfGroup(
  runs: readonly RunSummary[],
  metric: string | undefined,
): Pick<GroupProgress, 'best' | 'bestSoFar'> {
  if (metric === undefined) return { best: undefined, bestSoFar: [] };
  const mode = modeOf(
    metric,
    runs.find(({ monitor }) => monitor?.metric === metric),
  );
  let best: { id: string; value: number } | undefined;
  const bestSoFar: number[] = [];
  for (const run of [...runs].sort((a, b) => ((a.updated ?? '') < (b.updated ?? '') ? -1 : 1))) {
    const value = runValue(run, metric);
    if (typeof value !== 'number') continue;
    if (best === undefined || (mode === 'min' ? value < best.value : value > best.value)) best = { id: run.id, value };
    bestSoFar.push(best.value);
  }
  return { best, bestSoFar };
}

function lastSign(runs: readonly RunSummary[]): string {
  return runs.reduce((last, { updated = '' }) => (updated > last ? updated : last), '');
}
