import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { Group } from '../search/group.ts';
import type { Halving } from '../search/group-schema.ts';
import { readEpochMetric } from './epoch-metrics.ts';
import type { GroupRun } from './group-run.ts';
import { nextHalvingStep, rungEpochs, type HalvingRun } from './halving-plan.ts';

const promotionSchema = z.strictObject({ run: z.string(), rung: z.int().positive() });

/** Successive halving of a group; its decisions are kept in `halving.jsonl`, so that another scheduler goes on with them. */
export class HalvingRecord {
  readonly #group: Group;
  readonly #halving: Halving;
  readonly #path: string;
  readonly #runs: readonly GroupRun[];
  readonly #rungs: readonly number[];
  readonly #scores = new Map<GroupRun, (number | undefined)[]>();

  constructor(group: Group, folder: string, runs: readonly GroupRun[]) {
    this.#group = group;
    this.#halving = group.halving!;
    this.#path = join(folder, 'halving.jsonl');
    this.#runs = runs;
    this.#rungs = rungEpochs(this.#halving, group.runs[0].recipe.stages[0].experiment.training.epochs);
  }

  /** Reads the decisions so far, and the metrics that runs had. */
  async takeUp(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    // Of a scheduler that was killed, the last line may be half written: the decision is taken again.
    if (whole !== text) await writeFileAtomic(this.#path, whole);
    for (const line of whole.split('\n').slice(0, -1)) {
      const { run: name, rung } = promotionSchema.parse(JSON.parse(line));
      const run = this.#runs.find(({ member }) => member.name === name);
      if (run) run.rung = Math.max(run.rung, rung);
    }
    for (const run of this.#runs) await this.record(run);
  }

  /** Reads the metrics that a run has now. */
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

  /** The run to go on with; it is noted where it was promoted. */
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

  /** The epoch that a run pauses after; undefined for its last. */
  pauseAfter({ rung }: GroupRun): number | undefined {
    return rung === this.#rungs.length - 1 ? undefined : this.#rungs[rung];
  }

  #standing(run: GroupRun): HalvingRun {
    const { member, rung } = run;
    const state = run.state === 'finished' || run.state === 'halted' ? 'ended' : run.state;
    return { name: member.name, rung, scores: this.#scores.get(run) ?? [], state };
  }
}
