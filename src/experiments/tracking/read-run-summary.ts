import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { isInUse } from '../../files/lock-folder.ts';
import { isAlive } from '../../files/running-process.ts';
import { readRunRecord, type RunRecord } from '../run-record.ts';
import { digestLog, emptyDigest } from './digest-log.ts';
import { flattenSettings } from './flatten-settings.ts';
import type { RunState, RunSummary } from './run-summary.ts';

/** A run on another machine counts as running while its log was written to so long ago. */
const SILENT_MS = 300_000;

/** What a summary is read from, by the run's folder. */
const signedFiles = ['run.json', 'experiment.json', 'metrics.jsonl', 'model/model.json'];

/** Sizes and times of the files of a run: as long as they stay, so does its summary, but for whether it is running. */
export function runSignature(folder: string, stages: readonly string[]): string {
  const folders = [folder, ...stages.map((stage) => join(folder, 'stages', stage))];
  return folders
    .flatMap((path) => signedFiles.map((name) => statSync(join(path, name), { throwIfNoEntry: false })))
    .map((stats) => (stats === undefined ? '-' : `${stats.size}:${Math.round(stats.mtimeMs)}`))
    .join(' ');
}

/** Reads a run's folder; of its log only what was added since `before`. Files that are missing or damaged say nothing. */
export async function readRunSummary(root: string, id: string, before?: RunSummary): Promise<RunSummary> {
  const folder = join(root, id);
  const record = await readRunRecord(folder);
  const stages = (record?.stages ?? []).filter((stage) => existsSync(join(folder, 'stages', stage)));
  // Before the files are read: what is added meanwhile is seen the next time.
  const signature = runSignature(folder, record?.stages ?? []);
  const lastFolder = stages.length === 0 ? folder : join(folder, 'stages', stages[stages.length - 1]);
  const isSameLog = before !== undefined && before.stages.length === stages.length;
  const logFile = join(lastFolder, 'metrics.jsonl');
  const log = existsSync(logFile) ? digestLog(logFile, isSameLog ? before.log : undefined) : emptyDigest();
  const experiment = await readJson(join(lastFolder, 'experiment.json'));
  const manifest = await readJson(join(folder, 'model', 'model.json'));
  return {
    id,
    group: posix.dirname(id),
    model: text(experiment.name) ?? basename(id),
    kind: text(experiment.kind) ?? 'unknown',
    network: text((experiment.network as { name?: unknown } | undefined)?.name) ?? 'unknown',
    state: await stateOf(lastFolder, record, manifest.metrics !== undefined),
    reason: record?.ended?.reason,
    started: record?.started ?? log.firstTime,
    updated: record?.ended?.time ?? log.lastTime ?? record?.started,
    stages,
    settings: flattenSettings(settingsOf(experiment)),
    log,
    figures: numbersOf(manifest.metrics),
    monitor: record?.monitor,
    record,
    signature,
  };
}

/** Whether it runs cannot be seen from the files alone: its process may have been killed. */
async function stateOf(folder: string, record: RunRecord | undefined, hasModel: boolean): Promise<RunState> {
  if (record?.ended) return record.ended.state;
  if (record?.process) {
    return ((await isAlive(record.process)) ?? wasWrittenLately(folder)) ? 'running' : 'stopped';
  }
  // A folder without a record is of an older version, or of a program that calls the trainer itself.
  if (await isInUse(folder)) return 'running';
  return hasModel ? 'finished' : 'stopped';
}

function wasWrittenLately(folder: string): boolean {
  const log = statSync(join(folder, 'metrics.jsonl'), { throwIfNoEntry: false });
  return log !== undefined && Date.now() - log.mtimeMs < SILENT_MS;
}

/** What tells runs apart: neither what the card says nor names. */
function settingsOf({ network, data, training }: Record<string, unknown>): Record<string, unknown> {
  const { notes: _, ...rest } = (data ?? {}) as Record<string, unknown>;
  return { network, data: rest, training };
}

function numbersOf(metrics: unknown): Record<string, number> {
  const flat = Object.entries(flattenSettings(metrics));
  return Object.fromEntries(flat.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
