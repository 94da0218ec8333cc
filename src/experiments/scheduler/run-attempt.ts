import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { makeFolder } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { Callback } from '../../training/callback.ts';
import { readMetric, type Monitor } from '../../training/callbacks/monitor.ts';
import { parseRecipe } from '../recipe.ts';
import { runExperiment } from '../run-experiment.ts';
import { changeFields } from '../search/change-field.ts';
import type { AttemptEnd, AttemptReport, AttemptRequest } from './attempt-protocol.ts';
import { bestMetric } from './epoch-metrics.ts';
import { holdFolders } from './hold-folders.ts';
import { readRunResult, writeRunResult } from './run-result.ts';

export interface AttemptHooks {
  readonly signal: AbortSignal;
  readonly callbacks?: readonly Callback[];
  readonly report?: (report: AttemptReport) => void;
}

/**
 * Brings a run of a group to its end, or to the epoch where it is to pause, from wherever it is. It waits while another process has the
 * run or its devices, and a run that has ended stays as it is, so that each ends once.
 */
export async function runAttempt(request: AttemptRequest, hooks: AttemptHooks): Promise<AttemptEnd> {
  const giveBack = await holdFolders([attemptsFolder(request.folder), ...request.locks], hooks.signal);
  if (!giveBack) return { state: 'interrupted' };
  try {
    const before = await readRunResult(request.folder);
    if (before) return { state: 'finished', result: before };
    await claimRun(request);
    return await trainRun(request, hooks);
  } finally {
    await giveBack();
  }
}

/** The folder of a run's lock, and of the list of its attempts. */
export function attemptsFolder(folder: string): string {
  return join(folder, 'attempts');
}

/** Throws INVALID_ARGUMENT where a folder has a run of another experiment. */
export async function requireSameExperiment({
  folder,
  experiment,
}: Pick<AttemptRequest, 'folder' | 'experiment'>): Promise<void> {
  const path = experimentFile(folder);
  if (!existsSync(path) || (await readFile(path, 'utf8')) === formatJson(experiment)) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${folder} has a run of another experiment (${path}), as the group was changed since: choose another --folder, or remove it.`,
  );
}

async function claimRun(request: AttemptRequest): Promise<void> {
  const { folder, experiment } = request;
  await requireSameExperiment(request);
  await makeFolder(folder);
  if (!existsSync(experimentFile(folder))) await writeFileAtomic(experimentFile(folder), formatJson(experiment));
  await logAttempt(folder, 'started');
}

async function trainRun(request: AttemptRequest, hooks: AttemptHooks): Promise<AttemptEnd> {
  const { name, folder, experiment, settings = {}, options, until, monitor } = request;
  const recipe = parseRecipe(JSON.stringify(changeFields(experiment, settings)), experimentFile(folder));
  const pause = new AbortController();
  const { outcome, figures } = await runExperiment(recipe, {
    ...options,
    folder,
    loaderThreads: options.threads,
    signal: AbortSignal.any([hooks.signal, pause.signal]),
    callbacks: [
      ...(hooks.callbacks ?? []),
      reporter(monitor, hooks),
      ...(until === undefined ? [] : [pauseAfter(until, pause)]),
    ],
    onNotice: (message) => console.error(message),
  });
  if (outcome.stopped === 'interrupted') return { state: pause.signal.aborted ? 'paused' : 'interrupted' };
  const value = await bestMetric(recipe, folder, monitor);
  const { epoch, stopped } = outcome;
  const result = { name, model: recipe.name, epoch, stopped, metric: monitor.metric, value, figures };
  await writeRunResult(folder, result);
  await logAttempt(folder, 'finished');
  return { state: 'finished', result };
}

/** The experiment as a file for `train`. */
function experimentFile(folder: string): string {
  return join(folder, 'recipe.json');
}

async function logAttempt(folder: string, event: 'started' | 'finished'): Promise<void> {
  const line = { event, pid: process.pid, time: new Date().toISOString() };
  await appendFile(join(attemptsFolder(folder), 'attempts.jsonl'), `${JSON.stringify(line)}\n`);
}

const REPORT_MS = 250;

/** Tells each epoch, and a few steps in a second. */
function reporter(monitor: Monitor, { report }: AttemptHooks): Callback {
  let seconds = 0;
  let steps = 0;
  let reported = 0;
  return {
    name: 'attempt-report',
    onStepEnd(step) {
      seconds += step.seconds;
      steps += 1;
      if (performance.now() - reported < REPORT_MS) return;
      reported = performance.now();
      const { epoch, epochs, loss, totalSteps } = step;
      report?.({ event: 'step', epoch, epochs, loss, secondsLeft: ((totalSteps - step.step) * seconds) / steps });
    },
    onEpochEnd(epochReport) {
      // A name that the epochs do not have is told after the first.
      readMetric(monitor, epochReport);
      const { epoch, epochs, metrics } = epochReport;
      report?.({ event: 'epoch', epoch, epochs, metrics });
    },
  };
}

/** Interrupts the training after an epoch, so that it can go on from there. */
function pauseAfter(until: number, pause: AbortController): Callback {
  return {
    name: 'pause',
    onEpochEnd({ epoch, epochs }) {
      if (epoch >= until && epoch < epochs) pause.abort();
    },
  };
}

function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
