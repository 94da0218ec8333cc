import type { Halving } from '../search/group-schema.ts';

/** What decides how far a run is trained. */
export interface HalvingRun {
  readonly name: string;
  /** The rung that it is trained to, from 0. */
  readonly rung: number;
  /** The metric after the epoch of each rung, the larger the better; undefined where it had none that is finite. */
  readonly scores: readonly (number | undefined)[];
  readonly state: 'waiting' | 'running' | 'ended' | 'failed';
}

/** A run to be trained to a rung; one that is new there was promoted. */
export interface HalvingStep {
  readonly name: string;
  readonly rung: number;
}

/** The epochs after which runs are compared, and the last one: grace, grace × reduction, … epochs. */
export function rungEpochs({ grace, reduction }: Halving, epochs: number): number[] {
  const rungs: number[] = [];
  for (let epoch = grace; epoch < epochs; epoch *= reduction) rungs.push(epoch);
  return [...rungs, epochs];
}

/**
 * What to train next (Li et al. 2020, algorithm 2, https://arxiv.org/abs/1810.05934): of the runs that wait to be promoted the one on the
 * highest rung, otherwise a new run. Undefined where there is nothing to do before a running one is done. When a rung is complete, at
 * least its best run goes on.
 */
export function nextHalvingStep(halving: Halving, rungs: number, runs: readonly HalvingRun[]): HalvingStep | undefined {
  const resumed = runs.find((run) => run.rung > 0 && run.state === 'waiting' && !isRecorded(run, run.rung));
  if (resumed) return resumed;
  for (let rung = rungs - 2; rung >= 0; rung--) {
    const [best] = promotable(halving, rung, runs);
    if (best) return { name: best.name, rung: rung + 1 };
  }
  return runs.find((run) => run.rung === 0 && run.state === 'waiting' && !isRecorded(run, 0));
}

function promotable(halving: Halving, rung: number, runs: readonly HalvingRun[]): HalvingRun[] {
  const recorded = runs.filter((run) => isRecorded(run, rung));
  const complete = isComplete(halving, rung, runs);
  const share = Math.floor(recorded.length / halving.reduction);
  const quota = complete ? Math.max(1, share) : halving.asynchronous ? share : 0;
  return recorded
    .filter((run) => run.scores[rung] !== undefined)
    .sort((a, b) => b.scores[rung]! - a.scores[rung]!)
    .slice(0, quota)
    .filter((run) => run.rung === rung && run.state === 'waiting');
}

/** Whether no run can come to a rung any more that has not been there. */
function isComplete(halving: Halving, rung: number, runs: readonly HalvingRun[]): boolean {
  const isAllThere = runs.every((run) => run.rung < rung || isRecorded(run, rung));
  if (rung === 0 || !isAllThere) return isAllThere;
  return isComplete(halving, rung - 1, runs) && promotable(halving, rung - 1, runs).length === 0;
}

/** A run that has failed, or has ended before its last epoch, counts with what it had. */
function isRecorded({ rung, scores, state }: HalvingRun, wanted: number): boolean {
  if (rung < wanted) return false;
  return wanted in scores || rung > wanted || state === 'failed' || state === 'ended';
}
