import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { TextRecognizerError } from '../../../errors.ts';
import type { AttemptEnd } from '../../../experiments/scheduler/attempt-protocol.ts';
import type { GroupEvent, GroupSummary } from '../../../experiments/scheduler/group-run.ts';
import { queueSlots } from '../../../experiments/queue/queue-slots.ts';
import type { RunQueue } from '../../../experiments/queue/run-queue.ts';
import { absolutePlace, placeIn } from '../../../experiments/queue/run-store.ts';
import { runAttempt } from '../../../experiments/scheduler/run-attempt.ts';
import { runGroup } from '../../../experiments/scheduler/run-group.ts';
import type { Group, GroupMember } from '../../../experiments/search/group.ts';
import { readGroup } from '../../../experiments/search/read-group.ts';
import { ProgressBar } from '../../../training/callbacks/progress-bar.ts';
import { installInterrupt } from '../../../training/interrupt.ts';
import { formatEvent } from '../../format-group-event.ts';
import { GroupTable } from '../../group-table.ts';
import { wholeNumber } from '../../options.ts';
import { addTrainingOptions, type TrainingFlags } from '../../training-options.ts';

interface RunFlags extends TrainingFlags {
  readonly only?: string;
  readonly workers?: number;
  readonly retries: number;
  readonly json?: boolean;
  readonly queue?: string;
  readonly store?: string;
}

/** `experiments run FILE`. */
export function runGroupCommand(): Command {
  return addTrainingOptions(new Command('run'), 'group')
    .addArgument(groupArgument())
    .description('run all experiments of a group, each in its own process; the same command resumes')
    .option('--workers <number>', 'runs at a time (default: one per core or GPU)', wholeNumber(1))
    .option('--retries <number>', 'fail a run that was killed this many times without progress', wholeNumber(0), 5)
    .option('--only <run>', 'one run only, by its name or its number from 0, in this process')
    .option('--queue <address>', 'put the runs on this Redis, e.g. redis://host:6379, for `experiments worker`')
    .option(
      '--store <place>',
      'with --queue: where runs are kept, a folder that all workers share or s3://BUCKET/PREFIX',
    )
    .option('--json', 'print a JSON object per line: events, and the summary last')
    .action(run);
}

/** The file of a group. */
export function groupArgument(): Argument {
  return new Argument('<group>', 'a group file, e.g. experiments/samples/mlp-grid.json');
}

async function run(file: string, flags: RunFlags): Promise<void> {
  checkQueueFlags(flags);
  const group = await readGroup(file);
  if (group.population && flags.queue !== undefined) throw needsOneMachine(group.name);
  const folder = flags.folder ?? join('runs', group.name);
  const abort = new AbortController();
  const uninstall = installInterrupt(() => abort.abort());
  try {
    if (flags.only === undefined) await runAll(group, folder, flags, abort.signal);
    else await runOne(group, folder, flags.only, flags, abort.signal);
  } finally {
    uninstall();
  }
}

async function runAll(group: Group, folder: string, flags: RunFlags, signal: AbortSignal): Promise<void> {
  const table = flags.json || !process.stderr.isTTY ? undefined : new GroupTable(group.monitor, process.stderr);
  const print = (line: GroupEvent | GroupSummary) => console.log(JSON.stringify(line));
  const queue = await openQueue(flags);
  const summary = await runGroup(group, {
    ...flags,
    trackers: flags.track,
    folder,
    launcher: queue && {
      launch: queue.launch,
      slots: queueSlots(flags.workers ?? group.runs.length),
      place: placeIn(absolutePlace(flags.store!), group.name),
    },
    signal,
    onEvent: (event) => {
      if (flags.json) print(event);
      else if (!table) console.error(formatEvent(event, group.monitor));
    },
    onChange: (runs) => table?.draw(runs),
  });
  await queue?.close();
  table?.close();
  if (flags.json) print(summary);
  else for (const line of describe(summary, folder)) console.log(line);
  if (signal.aborted) process.exitCode = 130;
  else if (summary.failed > 0) process.exitCode = 1;
}

/** Undefined for runs on this machine. */
async function openQueue(flags: RunFlags): Promise<RunQueue | undefined> {
  if (flags.queue === undefined) return undefined;
  // BullMQ takes a quarter of a second to load.
  const { RunQueue } = await import('../../../experiments/queue/run-queue.ts');
  return await RunQueue.open(flags.queue, { onNotice: (message) => console.error(message) });
}

/** What makes no sense beside each other. */
function checkQueueFlags({ queue, store, only, track }: RunFlags): void {
  const problem =
    queue === undefined
      ? store !== undefined && '--store needs --queue'
      : (store === undefined &&
          '--queue needs --store, where runs are kept: a folder that all workers share, or s3://BUCKET/PREFIX') ||
        (only !== undefined && '--only trains in this process: leave out --queue') ||
        (track !== undefined &&
          'Runs on a queue are shown to trackers by `experiments sync`, once they are here: leave out --track');
  if (problem) throw new TextRecognizerError('INVALID_ARGUMENT', `${problem}.`);
}

function describe({ finished, failed, stopped, best }: GroupSummary, folder: string): string[] {
  const counts = `${finished} finished, ${failed} failed, ${stopped} stopped`;
  return best ? [counts, `Best: ${join(folder, best.run)}, ${best.metric} ${best.value}`] : [counts];
}

async function runOne(group: Group, folder: string, only: string, flags: RunFlags, signal: AbortSignal): Promise<void> {
  const { name, experiment } = memberOf(group, only);
  const { dataRoot, test, skipBad, device, checkpointSeconds, threads, track } = flags;
  const options = { dataRoot, test, skipBad, device, checkpointSeconds, threads, trackers: track };
  const request = { name, experiment, folder: join(folder, name), monitor: group.monitor, options, locks: [] };
  const end = await runAttempt(request, { signal, callbacks: [new ProgressBar()] });
  if (flags.json) console.log(JSON.stringify(end));
  else console.log(describeEnd(name, end));
  if (end.state !== 'finished') process.exitCode = 130;
}

function describeEnd(name: string, end: AttemptEnd): string {
  if (end.state !== 'finished') return `${name}: ${end.state}. Run the same command again to go on.`;
  return `${name}: ${end.result.metric} ${end.result.value}`;
}

function memberOf({ name, runs, halving, population }: Group, only: string): GroupMember {
  if (halving || population) throw needsScheduler(name);
  const member = runs.find((run) => run.name === only) ?? (/^\d+$/.test(only) ? runs[Number(only)] : undefined);
  if (member) return member;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The group ${name} has no run '${only}'; give a number from 0 to ${runs.length - 1}, or one of ${runs.map((run) => run.name).join(' ')}`,
  );
}

function needsOneMachine(group: string): TextRecognizerError {
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The group ${group} has population-based training, which copies checkpoints between its runs on this machine: leave out --queue.`,
  );
}

/** Runs of such a group cannot be run apart from each other. */
export function needsScheduler(group: string): TextRecognizerError {
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The group ${group} compares its runs while they are trained: use \`experiments run\` for all of it.`,
  );
}
