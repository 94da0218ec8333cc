import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '../../files/lock-folder.ts';
import { improves } from '../../training/callbacks/monitor.ts';
import { placeIn } from '../queue/run-store.ts';
import type { Group } from '../search/group.ts';
import type { AttemptEnd, AttemptReport, SharedRunOptions } from './attempt-protocol.ts';
import { deviceSlots, type DeviceOptions, type DeviceSlot } from './device-slots.ts';
import type { GroupEvent, GroupRun, GroupSummary } from './group-run.ts';
import { HalvingRecord } from './halving-record.ts';
import { PopulationRecord } from './population-record.ts';
import { requireSameExperiment } from './run-attempt.ts';
import { readRunResult } from './run-result.ts';
import type { SearchPolicy } from './search-policy.ts';
import { launchHere, type AttemptKilled, type Launch, type RunningAttempt } from './start-attempt.ts';

/** Other machines that attempts run on. */
export interface Launcher {
  readonly launch: Launch;
  /** One for each attempt at a time. */
  readonly slots: readonly DeviceSlot[];
  /** Where the runs of the group are that several machines work on. */
  readonly place: string;
}

export interface GroupOptions extends SharedRunOptions, DeviceOptions {
  /** The folder of the group, with a folder for each run. */
  readonly folder: string;
  /** A run that is killed so often without coming further fails; default 5. */
  readonly retries?: number;
  /** When aborted, running runs are saved after their step. */
  readonly signal?: AbortSignal;
  /** Where attempts run; default on this machine. */
  readonly launcher?: Launcher;
  readonly onEvent?: (event: GroupEvent) => void;
  /** Told whenever something has changed, with all runs. */
  readonly onChange?: (runs: readonly GroupRun[]) => void;
}

/**
 * Runs all runs of a group, each in a process of its own, on the devices of this machine or where `launcher` says. What another scheduler, killed at any moment,
 * has left is taken up. Throws FOLDER_IN_USE while another one is at work in the folder, INVALID_ARGUMENT where the group has changed.
 */
export async function runGroup(group: Group, options: GroupOptions): Promise<GroupSummary> {
  const slots = options.launcher?.slots ?? (await deviceSlots(options));
  const unlock = await lockFolder(options.folder);
  try {
    const scheduler = new Scheduler(group, options);
    await scheduler.takeUp();
    const ends = await Promise.allSettled(slots.map((slot) => scheduler.serve(slot)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return scheduler.close();
  } finally {
    await unlock();
  }
}

class Scheduler {
  readonly #group: Group;
  readonly #options: GroupOptions;
  readonly #runs: readonly GroupRun[];
  /** Undefined where every run is trained to its end by itself. */
  readonly #policy: SearchPolicy | undefined;
  readonly #running = new Set<Promise<void>>();
  /** Also when a slot fails: the others end their runs first. */
  readonly #failure = new AbortController();
  readonly #signal: AbortSignal;

  constructor(group: Group, options: GroupOptions) {
    this.#group = group;
    this.#options = options;
    this.#signal = AbortSignal.any([this.#failure.signal, ...(options.signal ? [options.signal] : [])]);
    this.#runs = group.runs.map((member) => newRun(member, join(options.folder, member.name)));
    this.#policy = this.#choosePolicy();
  }

  #choosePolicy(): SearchPolicy | undefined {
    const { halving, population } = this.#group;
    const { folder } = this.#options;
    if (halving) return new HalvingRecord(this.#group, halving, this.#runs, folder);
    if (!population) return undefined;
    return new PopulationRecord(this.#group, population, this.#runs, {
      folder,
      signal: this.#signal,
      onCopy: (epoch, { run, from, settings }) => this.#tell({ event: 'copied', run, from, epoch, settings }),
    });
  }

  /** Reads what is there. */
  async takeUp(): Promise<void> {
    for (const run of this.#runs) {
      await requireSameExperiment({ folder: run.folder, experiment: run.member.experiment });
      run.result = await readRunResult(run.folder);
      if (run.result) this.#finish(run);
    }
    await this.#policy?.takeUp();
    this.#changed();
  }

  /** Runs one run after the other on a slot, until there is none left. */
  async serve(slot: DeviceSlot): Promise<void> {
    while (!this.#signal.aborted) {
      const run = this.#next();
      if (run) await this.#track(this.#attempt(run, slot));
      else if (this.#running.size > 0) await Promise.race(this.#running);
      else return;
    }
  }

  /** How all runs stand when none is running any more. */
  close(): GroupSummary {
    if (!this.#signal.aborted) {
      for (const run of this.#runs) if (run.state === 'waiting') run.state = 'halted';
      this.#changed();
    }
    const finished = this.#runs.filter(({ state }) => state === 'finished');
    const failed = this.#runs.filter(({ state }) => state === 'failed').length;
    const { metric } = this.#group.monitor;
    let best: GroupSummary['best'] = null;
    for (const { member, result } of finished) {
      const value = result?.value ?? Number.NaN;
      if (improves(this.#group.monitor, value, best?.value, 0)) best = { run: member.name, metric, value };
    }
    return { finished: finished.length, failed, stopped: this.#runs.length - finished.length - failed, best };
  }

  /** A run is taken before anything is awaited, so that no two slots get the same. */
  #next(): GroupRun | undefined {
    const run = this.#policy ? this.#policy.next() : this.#runs.find(({ state }) => state === 'waiting');
    if (run) run.state = 'running';
    return run;
  }

  async #track(attempt: Promise<void>): Promise<void> {
    this.#running.add(attempt);
    try {
      await attempt;
    } catch (error) {
      this.#failure.abort();
      throw error;
    } finally {
      this.#running.delete(attempt);
    }
  }

  async #attempt(run: GroupRun, slot: DeviceSlot): Promise<void> {
    const before = await progressOf(run.folder);
    const attempt = await this.#start(run, slot);
    const stop = () => attempt.stop();
    this.#signal.addEventListener('abort', stop);
    if (this.#signal.aborted) stop();
    const end = await attempt.ended;
    this.#signal.removeEventListener('abort', stop);
    const isFurther = (await progressOf(run.folder)) !== before;
    run.fruitless = isFurther ? 0 : run.fruitless + 1;
    run.device = undefined;
    run.step = undefined;
    await this.#policy?.record(run);
    this.#end(run, end);
    await this.#policy?.settle();
    this.#changed();
  }

  async #start(run: GroupRun, slot: DeviceSlot): Promise<RunningAttempt> {
    const { name, experiment } = run.member;
    const { dataRoot, test, skipBad, device, checkpointSeconds, trackers, launcher, retries = 5 } = this.#options;
    const request = {
      name,
      experiment,
      folder: run.folder,
      monitor: this.#group.monitor,
      options: { dataRoot, test, skipBad, device, checkpointSeconds, trackers, threads: slot.threads },
      locks: slot.locks,
      settings: run.settings,
      until: this.#policy?.pauseAfter(run),
      shared: launcher && { place: placeIn(launcher.place, name), retries },
    };
    return await (launcher?.launch ?? launchHere)(request, slot, {
      report: (report) => this.#report(run, report),
      begun: ({ device, pid }) => {
        run.attempts += 1;
        run.device = device;
        this.#tell({ event: 'started', run: name, attempt: run.attempts, device, pid });
        this.#changed();
      },
      lost: (how) => this.#tell({ event: 'killed', run: name, how }),
    });
  }

  #report(run: GroupRun, report: AttemptReport): void {
    if (report.event === 'step') run.step = report;
    else if (report.event === 'epoch') {
      const { epoch, epochs, metrics } = report;
      run.epoch = epoch;
      run.value = metrics[this.#group.monitor.metric];
      this.#tell({ event: 'epoch', run: run.member.name, epoch, epochs, metrics });
    }
    this.#changed();
  }

  #end(run: GroupRun, end: AttemptEnd | AttemptKilled): void {
    const { name } = run.member;
    switch (end.state) {
      case 'finished':
        run.result = end.result;
        this.#finish(run);
        return this.#tell({ event: 'finished', run: name, value: end.result.value });
      case 'paused':
        run.state = 'waiting';
        return this.#tell({ event: 'paused', run: name, epoch: run.epoch });
      case 'failed':
        return this.#fail(run, end.message);
      case 'interrupted':
        this.#retry(run, 'it was interrupted');
        return this.#tell({ event: 'interrupted', run: name });
      case 'killed':
        this.#tell({ event: 'killed', run: name, how: end.how });
        return this.#retry(run, `the last time by ${end.how}`);
    }
  }

  #retry(run: GroupRun, how: string): void {
    run.state = 'waiting';
    if (this.#signal.aborted || run.fruitless <= (this.#options.retries ?? 5)) return;
    this.#fail(
      run,
      `Its process ended ${run.fruitless} times without coming further, ${how}: see log.txt in ${run.folder}.`,
    );
  }

  #fail(run: GroupRun, message: string): void {
    run.state = 'failed';
    run.message = message;
    this.#tell({ event: 'failed', run: run.member.name, message });
  }

  #finish(run: GroupRun): void {
    run.state = 'finished';
    run.epoch = run.result?.epoch ?? run.epoch;
    run.value = run.result?.value ?? undefined;
  }

  #tell(event: GroupEvent): void {
    this.#options.onEvent?.(event);
  }

  #changed(): void {
    this.#options.onChange?.(this.#runs);
  }
}

function newRun(member: Group['runs'][number], folder: string): GroupRun {
  return {
    member,
    folder,
    state: 'waiting',
    attempts: 0,
    fruitless: 0,
    rung: 0,
    settings: {},
    device: undefined,
    step: undefined,
    epoch: 0,
    value: undefined,
    result: undefined,
    message: undefined,
  };
}

/** Differs once a run has saved more: checkpoints, and weights of stages. */
async function progressOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => /(checkpoint-\d+\.bin|weights\.safetensors)$/.test(name))
    .sort()
    .join(' ');
}
