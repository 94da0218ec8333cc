import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { adoptCheckpoint } from '../../training/adopt-checkpoint.ts';
import { readLatestCheckpoint, saveCheckpoint } from '../../training/checkpoint.ts';
import { parseRecipe } from '../recipe.ts';
import { changeRunRecord, readRunRecord } from '../run-record.ts';
import type { Group, Population } from '../search/group.ts';
import { changeFields } from '../search/change-field.ts';
import { readEpochMetric } from './epoch-metrics.ts';
import type { GroupRun } from './group-run.ts';
import { holdFolders } from './hold-folders.ts';
import { planCopies, type PopulationCopy } from './population-plan.ts';
import { readDecisions } from './read-decisions.ts';
import { attemptsFolder } from './run-attempt.ts';
import type { SearchPolicy } from './search-policy.ts';

const decisionSchema = z.strictObject({
  epoch: z.int().positive(),
  /** Left out in the line that says that all copies of this epoch have been made. */
  copies: z
    .array(z.strictObject({ run: z.string(), from: z.string(), settings: z.record(z.string(), z.number()) }))
    .optional(),
});

export interface PopulationOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told of each copy that was made. */
  readonly onCopy: (epoch: number, copy: PopulationCopy) => void;
}

/**
 * Population-based training of a group, in rounds of `interval` epochs. After each, once all runs are there, what is copied is first noted in
 * `population.jsonl` and then done, so that a scheduler that was killed in between is followed by one that does the same.
 */
export class PopulationRecord implements SearchPolicy {
  readonly #population: Population;
  readonly #group: Group;
  readonly #runs: readonly GroupRun[];
  readonly #options: PopulationOptions;
  readonly #path: string;
  readonly #epochs: number;
  #round = 1;
  /** Of the runs that have come to the end of this round. */
  #scores = new Map<GroupRun, number | undefined>();
  #settling = Promise.resolve();

  constructor(group: Group, population: Population, runs: readonly GroupRun[], options: PopulationOptions) {
    this.#group = group;
    this.#population = population;
    this.#runs = runs;
    this.#options = options;
    this.#path = join(options.folder, 'population.jsonl');
    this.#epochs = group.runs[0].recipe.stages[0].experiment.training.epochs;
  }

  async takeUp(): Promise<void> {
    let unfinished: readonly PopulationCopy[] | undefined;
    for (const { epoch, copies } of await readDecisions(this.#path, decisionSchema)) {
      if (epoch !== this.#roundEpoch) throw this.#isOfAnotherGroup(epoch);
      if (!copies) this.#round += 1;
      unfinished = copies;
      for (const { run, settings } of copies ?? []) this.#named(run).settings = settings;
    }
    if (unfinished) await this.#carryOut(unfinished);
    for (const run of this.#runs) await this.record(run);
    await this.settle();
  }

  /** A run is at the end of a round with its checkpoint, not before. */
  async record(run: GroupRun): Promise<void> {
    if (this.#isLastRound) return;
    const latest = await readLatestCheckpoint(run.folder);
    const { epoch, stepInEpoch } = latest?.checkpoint.meta ?? { epoch: 0, stepInEpoch: 0 };
    if (epoch !== this.#roundEpoch + 1 || stepInEpoch !== 0) return;
    const { metric, mode } = this.#group.monitor;
    const value = (await readEpochMetric(run.folder, metric)).get(this.#roundEpoch);
    this.#scores.set(run, value === undefined || mode === 'max' ? value : -value);
  }

  async settle(): Promise<void> {
    this.#settling = this.#settling.then(() => this.#endRound());
    await this.#settling;
  }

  next(): GroupRun | undefined {
    return this.#runs.find((run) => run.state === 'waiting' && (this.#isLastRound || !this.#scores.has(run)));
  }

  pauseAfter(): number | undefined {
    return this.#isLastRound ? undefined : this.#roundEpoch;
  }

  get #roundEpoch(): number {
    return this.#round * this.#population.interval;
  }

  get #isLastRound(): boolean {
    return this.#roundEpoch >= this.#epochs;
  }

  /** Runs that have failed or have ended early are no longer part of the population. */
  async #endRound(): Promise<void> {
    const members = this.#runs.filter(({ state }) => state === 'waiting' || state === 'running');
    const isOver = members.every((run) => run.state === 'waiting' && this.#scores.has(run));
    if (this.#isLastRound || members.length === 0 || !isOver) return;
    const standings = members.map((run) => ({
      name: run.member.name,
      score: this.#scores.get(run),
      settings: { ...this.#initialSettings(run), ...run.settings },
    }));
    const copies = planCopies(this.#population, this.#round, standings);
    this.#note({ epoch: this.#roundEpoch, copies });
    await this.#carryOut(copies);
  }

  /** Nothing of it changes what another one of the same round reads, so that it may be done again. */
  async #carryOut(copies: readonly PopulationCopy[]): Promise<void> {
    const involved = this.#runs.filter((run) => copies.some((copy) => [copy.run, copy.from].includes(run.member.name)));
    // A process that a killed scheduler has left may still be saving.
    const giveBack = await holdFolders(
      involved.map(({ folder }) => attemptsFolder(folder)),
      this.#options.signal,
    );
    if (!giveBack) return;
    try {
      for (const copy of copies) await this.#copy(copy);
    } finally {
      await giveBack();
    }
    this.#note({ epoch: this.#roundEpoch });
    for (const copy of copies) this.#options.onCopy(this.#roundEpoch, copy);
    this.#round += 1;
    this.#scores = new Map();
  }

  async #copy({ run: name, from, settings }: PopulationCopy): Promise<void> {
    const run = this.#named(name);
    run.settings = settings;
    const own = await readLatestCheckpoint(run.folder);
    const best = await readLatestCheckpoint(this.#named(from).folder);
    const experiment = changeFields(run.member.experiment, settings);
    const { training } = parseRecipe(JSON.stringify(experiment), run.folder).stages[0].experiment;
    await saveCheckpoint(run.folder, adoptCheckpoint(own!.checkpoint, best!.checkpoint.tensors, training));
    const earlier = (await readRunRecord(run.folder))?.copies ?? [];
    const copies = earlier.filter(({ epoch }) => epoch < this.#roundEpoch);
    await changeRunRecord(run.folder, { copies: [...copies, { epoch: this.#roundEpoch, from, settings }] });
  }

  #initialSettings({ member }: GroupRun): Record<string, number> {
    return Object.fromEntries(
      Object.keys(this.#population.fields).map((field) => [field, member.settings[field] as number]),
    );
  }

  #isOfAnotherGroup(epoch: number): TextRecognizerError {
    return new TextRecognizerError(
      'INVALID_ARGUMENT',
      `${this.#path} has copies after epoch ${epoch}, not ${this.#roundEpoch}, as the group was changed since: choose another --folder, or remove it.`,
    );
  }

  #named(name: string): GroupRun {
    return this.#runs.find(({ member }) => member.name === name)!;
  }

  #note(decision: z.input<typeof decisionSchema>): void {
    appendFileSync(this.#path, `${JSON.stringify(decision)}\n`);
  }
}
