import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Group } from '../search/group.ts';
import type { Halving } from '../search/group-schema.ts';
import { readEpochMetric } from './epoch-metrics.ts';
import type { GroupRun } from './group-run.ts';
import { nextHalvingStep, rungEpochs, type HalvingRun } from './halving-plan.ts';
import { readDecisions } from './read-decisions.ts';
import type { SearchPolicy } from './search-policy.ts';

const promotionSchema = z.strictObject({ run: z.string(), rung: z.int().positive() });

/** Successive halving of a group; its decisions are kept in `halving.jsonl`, so that another scheduler goes on with them. */
export class HalvingRecord implements SearchPolicy {
  readonly #group: Group;
  readonly #halving: Halving;
  readonly #path: string;
  readonly #runs: readonly GroupRun[];
  readonly #rungs: readonly number[];
  readonly #scores = new Map<GroupRun, (number | undefined)[]>();

  constructor(group: Group, halving: Halving, runs: readonly GroupRun[], folder: string) {
    this.#group = group;
    this.#halving = halving;
    this.#path = join(folder, 'halving.jsonl');
    this.#runs = runs;
    this.#rungs = rungEpochs(this.#halving, group.runs[0].recipe.stages[0].experiment.training.epochs);
  }

  async takeUp(): Promise<void> {
    for (const { run: name, rung } of await readDecisions(this.#path, promotionSchema)) {
      const run = this.#runs.find(({ member }) => member.name === name);
      if (run) run.rung = Math.max(run.rung, rung);
    }
    for (const run of this.#runs) await this.record(run);
  }

  async record(run: GroupRun): Promise<void> {
    const { metric, mode } = this.#group.monitor;
    const values = await readEpochMetric(run.folder, metric);
    const scores: (number | undefined)[] = [];
    for (const [rung, epoch] of this.#rungs.slice(0, run.rung + 1).entries()) {
      const value = values.get(epoch);
      if (values.has(epoch)) scores[rung] = mode === 'max' || value === undefined ? value : -value;
    }
    this.#scores.set(run, scores);
  }

  /** Between attempts there is nothing to do. */
  async settle(): Promise<void> {}

  /** It is noted where the run was promoted. */
  next(): GroupRun | undefined {
    const step = nextHalvingStep(
      this.#halving,
      this.#rungs.length,
      this.#runs.map((run) => this.#standing(run)),
    );
    const run = this.#runs.find(({ member }) => member.name === step?.name);
    if (!run || !step || run.rung === step.rung) return run;
    appendFileSync(this.#path, `${JSON.stringify({ run: step.name, rung: step.rung })}\n`);
    run.rung = step.rung;
    return run;
  }

  pauseAfter({ rung }: GroupRun): number | undefined {
    return rung === this.#rungs.length - 1 ? undefined : this.#rungs[rung];
  }

  #standing(run: GroupRun): HalvingRun {
    const { member, rung } = run;
    const state = run.state === 'finished' || run.state === 'halted' ? 'ended' : run.state;
    return { name: member.name, rung, scores: this.#scores.get(run) ?? [], state };
  }
}
