import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explainWrite, makeFolder } from '../../files/explain-write.ts';
import { packageVersion } from '../../files/package-version.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { readPoints, startOfLog, type LogPoint } from './log-points.ts';
import { filesToKeep, type TrackedRun } from './tracked-run.ts';
import { emptyState, readTrackerState, writeTrackerState } from './tracker-state.ts';
import { WandbLog } from './wandb-log.ts';
import { encodeWandbRecord, type WandbItem, type WandbRecord, type WandbTimestamp } from './wandb-record.ts';

/** The version of W&B's files that is written, and the oldest W&B that reads it. */
const MIN_CONSUMER = '0.12.0';
/** The steps of figures by their own count; W&B's `_step` counts the lines of the log. */
const STEP = 'trainer/step';

/**
 * Writes a run as the folder `wandb/offline-run-TIME-ID` in its own, which `wandb sync` sends. It is made anew from the run's folder
 * whenever that has changed. Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function writeWandbRun(run: TrackedRun, project: string): Promise<void> {
  const { signature } = run.summary;
  const state = (await readTrackerState(run.folder, 'wandb')) ?? emptyState();
  if (state.complete === signature) return;
  await writeTrackerState(run.folder, 'wandb', { ...state, complete: undefined });
  const folder = wandbFolder(run);
  await makeFolder(join(folder, 'files'));
  const files = filesToKeep(run.folder).filter((name) => !name.endsWith('metrics.jsonl'));
  for (const name of files) await copyInto(join(folder, 'files', name), join(run.folder, name));
  await writeFileAtomic(join(folder, `run-${run.record.id}.wandb`), framesOf(recordsOf(run, project, files)));
  await writeTrackerState(run.folder, 'wandb', { ...state, complete: signature });
}

/** Where `writeWandbRun` writes a run. */
function wandbFolder({ folder, record }: TrackedRun): string {
  const [date, time] = record.started.replace(/[-:]|\.\d+Z$/g, '').split('T');
  return join(folder, 'wandb', `offline-run-${date}_${time}-${record.id}`);
}

async function copyInto(to: string, from: string): Promise<void> {
  await makeFolder(dirname(to));
  await copyFile(from, to).catch((error: unknown) => {
    throw explainWrite(to, error);
  });
}

function* framesOf(records: Iterable<Omit<WandbRecord, 'num'>>): Generator<Uint8Array, void, void> {
  const log = new WandbLog();
  yield log.header;
  let num = 1;
  for (const record of records) yield log.frame(encodeWandbRecord({ num: num++, ...record }));
}

function* recordsOf(
  run: TrackedRun,
  project: string,
  files: readonly string[],
): Generator<Omit<WandbRecord, 'num'>, void, void> {
  const producer = `text-recognizer ${packageVersion()}`;
  yield { header: { versionInfo: { producer, minConsumer: MIN_CONSUMER } } };
  yield { run: runRecord(run, project) };
  yield { metric: { globName: '*', stepMetric: STEP, options: { stepSync: true } } };
  const started = Date.parse(run.record.started);
  const summary: Record<string, number> = {};
  let line = 0;
  for (const { prefix, log } of run.stages.filter(({ log }) => existsSync(log))) {
    for (const { points } of readPoints(log, startOfLog())) {
      for (const point of points) {
        const values = prefixed(point, prefix);
        yield { history: { item: historyItems(values, point, line, started), step: { num: line } } };
        Object.assign(summary, values);
        line += 1;
      }
    }
  }
  for (const [name, value] of Object.entries(run.summary.figures)) summary[`model/${name}`] = value;
  yield { summary: { update: itemsOf(summary) } };
  yield { files: { files: files.map((path) => ({ path, policy: 0, type: 0 })) } };
  const { ended } = run.record;
  // Without an exit W&B shows a run as crashed, as it was where it was killed.
  if (ended === undefined) return;
  const runtime = Math.round((Date.parse(ended.time) - started) / 1000);
  yield { exit: { exitCode: ended.state === 'finished' ? 0 : 1, runtime } };
}

function runRecord(run: TrackedRun, project: string): NonNullable<WandbRecord['run']> {
  const { record, name, group, summary } = run;
  const commit = record.commits.at(-1)?.replace(/-dirty$/, '');
  return {
    runId: record.id,
    project,
    config: {
      update: Object.entries(configOf(run)).map(([key, value]) => ({ key, valueJson: JSON.stringify(value) })),
    },
    displayName: name,
    ...(group !== undefined && { runGroup: group }),
    tags: [summary.kind, summary.network],
    startTime: timestamp(Date.parse(record.started)),
    ...(commit !== undefined && { git: { commit } }),
  };
}

/** The experiment, of several stages each by its name, and what the run was made with. */
function configOf({ stages, record }: TrackedRun): Record<string, unknown> {
  const { commits, software, machine, parents } = record;
  const experiments = stages.map(({ prefix, experiment }) =>
    prefix === '' ? experiment : { [prefix.slice(0, -1)]: experiment },
  );
  return Object.assign({}, ...experiments, { environment: { commits, software, machine, parents } }) as Record<
    string,
    unknown
  >;
}

function prefixed({ values, step }: LogPoint, prefix: string): Record<string, number> {
  const named = Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value] as const);
  return { ...Object.fromEntries(named), [STEP]: step };
}

function historyItems(
  values: Readonly<Record<string, number>>,
  { time }: LogPoint,
  line: number,
  started: number,
): WandbItem[] {
  return itemsOf({ ...values, _step: line, _timestamp: time / 1000, _runtime: (time - started) / 1000 });
}

/** Names may have dots and slashes, so each is a path of one part. NaN and infinities are strings, as W&B writes them. */
function itemsOf(values: Readonly<Record<string, number>>): WandbItem[] {
  return Object.entries(values).map(([name, value]) => ({
    nestedKey: [name],
    valueJson: JSON.stringify(Number.isFinite(value) ? value : String(value)),
  }));
}

function timestamp(ms: number): WandbTimestamp {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}
