import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readPoints, startOfLog, type LogPoint } from './log-points.ts';
import type { MlflowClient } from './mlflow-client.ts';
import { artifactPath, mlflowExperimentId } from './mlflow-places.ts';
import { emptyState, readTrackerState, writeTrackerState, type TrackerState } from './tracker-state.ts';
import { filesToKeep, settingsOf, type TrackedRun } from './tracked-run.ts';

/** What MLflow takes in one request of `log-batch` (https://mlflow.org/docs/latest/rest-api.html#log-batch). */
const METRICS_AT_ONCE = 1000;
const SETTINGS_AT_ONCE = 100;
/** The longest value of a setting that every version of MLflow takes. */
const LONGEST_PARAM = 500;
const LONGEST_TAG = 5000;
/** The tag that says which run of ours it is. */
const RUN_TAG = 'text-recognizer.run';

const runSchema = z.object({ info: z.object({ run_id: z.string(), artifact_uri: z.string().default('') }) });
type MlflowRun = z.output<typeof runSchema>['info'];

/**
 * Brings a run at MLflow up to date with its folder: settings, metrics, tags, state and, once it has ended, its files. What was sent is noted in
 * the folder, so that each is sent once, also where this fails or is killed halfway. Throws TRACKER_FAILED.
 */
export async function syncMlflow(run: TrackedRun, client: MlflowClient, experiment: string): Promise<void> {
  const before = await readTrackerState(run.folder, 'mlflow');
  const state: TrackerState = before?.uri === client.uri ? before : { ...emptyState(), uri: client.uri };
  const save = () => writeTrackerState(run.folder, 'mlflow', state);
  if (state.complete === run.summary.signature) return;
  if (state.runId === undefined) {
    // Noted before anything is sent: a run that MLflow has not heard of yet is to be sent later.
    await save();
    const found = await findOrCreateRun(run, client, experiment);
    Object.assign(state, { runId: found.run_id, artifactUri: found.artifact_uri });
    await save();
  }
  await sendSettings(run, client, state);
  await save();
  for (const { prefix, log } of run.stages) {
    if (!existsSync(log)) continue;
    for (const { points, cursor } of readPoints(log, state.logs[prefix] ?? startOfLog())) {
      await sendPoints(client, state.runId!, prefix, points);
      state.logs[prefix] = cursor;
      await save();
    }
  }
  await sendEnd(run, client, state, save);
}

async function findOrCreateRun(run: TrackedRun, client: MlflowClient, experiment: string): Promise<MlflowRun> {
  const experimentId = await mlflowExperimentId(client, experiment);
  const found = await client.call('POST', 'runs/search', {
    experiment_ids: [experimentId],
    filter: `tags.\`${RUN_TAG}\` = '${run.record.id}'`,
    max_results: 1,
  });
  const { runs } = z.object({ runs: z.array(runSchema).default([]) }).parse(found);
  if (runs.length > 0) return runs[0].info;
  const created = await client.call('POST', 'runs/create', {
    experiment_id: experimentId,
    run_name: run.name,
    start_time: Date.parse(run.record.started),
    tags: [{ key: RUN_TAG, value: run.record.id }],
  });
  return z.object({ run: runSchema }).parse(created).run.info;
}

/** Settings are MLflow's params; what a run was made with, and where it stands, are tags. */
async function sendSettings(run: TrackedRun, client: MlflowClient, state: TrackerState): Promise<void> {
  const params = Object.entries(settingsOf(run)).map(([key, value]) => entry(key, String(value), LONGEST_PARAM));
  const tags = Object.entries(tagsOf(run)).map(([key, value]) => entry(key, value, LONGEST_TAG));
  // A param cannot be changed at MLflow; one that was said stays.
  const newParams = params.filter(({ key }) => !Object.hasOwn(state.said, `param ${key}`));
  const newTags = tags.filter(({ key, value }) => state.said[`tag ${key}`] !== value);
  const batches = Math.ceil(Math.max(newParams.length, newTags.length) / SETTINGS_AT_ONCE);
  for (let i = 0; i < batches; i++) {
    const part = <Item>(items: readonly Item[]) => items.slice(i * SETTINGS_AT_ONCE, (i + 1) * SETTINGS_AT_ONCE);
    const batch = { params: part(newParams), tags: part(newTags) };
    await client.call('POST', 'runs/log-batch', { run_id: state.runId, ...batch });
    for (const { key, value } of batch.params) state.said[`param ${key}`] = value;
    for (const { key, value } of batch.tags) state.said[`tag ${key}`] = value;
  }
}

function tagsOf({ group, record, summary }: TrackedRun): Record<string, string> {
  const { commits, software, machine, parents } = record;
  return {
    'mlflow.source.name': 'text-recognizer',
    ...(commits.length > 0 && { 'mlflow.source.git.commit': commits[commits.length - 1].replace(/-dirty$/, '') }),
    'text-recognizer.state': summary.state,
    ...(summary.reason !== undefined && { 'text-recognizer.reason': summary.reason }),
    ...(group !== undefined && { 'text-recognizer.group': group }),
    'text-recognizer.commits': commits.join(' '),
    'text-recognizer.software': JSON.stringify(software),
    ...(machine && { 'text-recognizer.machine': JSON.stringify(machine) }),
    ...(parents.length > 0 && { 'text-recognizer.parents': JSON.stringify(parents) }),
  };
}

function entry(key: string, value: string, longest: number): { key: string; value: string } {
  return { key: nameFor(key), value: value.length > longest ? `${value.slice(0, longest - 1)}…` : value };
}

/** MLflow's names have letters, digits, `_`, `-`, `.`, blanks and slashes. */
function nameFor(key: string): string {
  return key.replace(/[^\w\-. /]/g, '_').slice(0, 250);
}

async function sendPoints(
  client: MlflowClient,
  runId: string,
  prefix: string,
  points: readonly LogPoint[],
): Promise<void> {
  const metrics = points.flatMap(({ step, time, values }) =>
    Object.entries(values).map(([name, value]) => metricOf(`${prefix}${name}`, value, time, step)),
  );
  for (let i = 0; i < metrics.length; i += METRICS_AT_ONCE) {
    await client.call('POST', 'runs/log-batch', { run_id: runId, metrics: metrics.slice(i, i + METRICS_AT_ONCE) });
  }
}

/** JSON has no NaN and no infinity; MLflow reads their names. */
function metricOf(key: string, value: number, timestamp: number, step: number): object {
  return { key: nameFor(key), value: Number.isFinite(value) ? value : String(value), timestamp, step };
}

/** Files, figures of the model, and how the run ended; of one that runs, that it does. */
async function sendEnd(
  run: TrackedRun,
  client: MlflowClient,
  state: TrackerState,
  save: () => Promise<void>,
): Promise<void> {
  const { record, summary, folder } = run;
  const status = statuses[summary.state];
  if (record.ended === undefined) {
    if (state.said.status !== status) await updateRun(client, state, status);
    return await save();
  }
  const time = Date.parse(record.ended.time);
  const figures = Object.entries(summary.figures).map(([name, value]) =>
    metricOf(`model/${name}`, value, time, summary.log.step),
  );
  if (figures.length > 0) await client.call('POST', 'runs/log-batch', { run_id: state.runId, metrics: figures });
  await sendFiles(folder, client, state, save);
  await updateRun(client, state, status, time);
  state.complete = summary.signature;
  await save();
}

const statuses = { running: 'RUNNING', finished: 'FINISHED', stopped: 'KILLED', failed: 'FAILED' } as const;

async function updateRun(client: MlflowClient, state: TrackerState, status: string, time?: number): Promise<void> {
  await client.call('POST', 'runs/update', { run_id: state.runId, status, ...(time && { end_time: time }) });
  state.said.status = status;
}

/** Files go through the server; where it keeps them elsewhere, it says where, and they stay in the run's folder. */
async function sendFiles(
  folder: string,
  client: MlflowClient,
  state: TrackerState,
  save: () => Promise<void>,
): Promise<void> {
  const root = artifactPath(state.artifactUri ?? '');
  if (root === undefined) return;
  for (const name of filesToKeep(folder)) {
    const { size, mtimeMs } = statSync(join(folder, name));
    const version = `${size}:${Math.round(mtimeMs)}`;
    if (state.files[name] === version) continue;
    await client.putFile(`${root}/${name}`, join(folder, name));
    state.files[name] = version;
    await save();
  }
}
