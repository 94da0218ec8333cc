import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { env } from 'onnxruntime-node';
import { TextRecognizerError } from '../errors.ts';
import { packageVersion } from '../files/package-version.ts';
import { makeFolder } from '../files/explain-write.ts';
import { isAlive, thisProcess } from '../files/running-process.ts';
import type { Recipe } from './recipe.ts';
import { changeRunRecord, readRunRecord, writeRunRecord, type RunEnd, type RunRecord } from './run-record.ts';

/** The code of errors that say that the folder is another run's: nothing of it is changed. */
const refusals: ReadonlySet<string> = new Set(['CHECKPOINT_INVALID', 'FOLDER_IN_USE']);

/**
 * Runs with `run.json` in the folder, which says before, while and after it what happens. Throws FOLDER_IN_USE where the run is still running in
 * another process.
 */
export async function recordRun<Result>(
  folder: string,
  recipe: Recipe,
  run: (record: RunRecord) => Promise<{ result: Result; end: Omit<RunEnd, 'time'> }>,
): Promise<Result> {
  await makeFolder(folder);
  const before = await readRunRecord(folder);
  await requireFree(folder, before);
  const record = await begin(before, recipe);
  await writeRunRecord(folder, record);
  try {
    const { result, end } = await run(record);
    await changeRunRecord(folder, { ended: { time: new Date().toISOString(), ...end } });
    return result;
  } catch (error) {
    const isRefused = error instanceof TextRecognizerError && refusals.has(error.code);
    const reason = error instanceof Error ? error.message : String(error);
    const ended = { time: new Date().toISOString(), state: 'failed', reason } as const;
    if (before && isRefused) await writeRunRecord(folder, before);
    else await changeRunRecord(folder, { ended });
    throw error;
  }
}

async function requireFree(folder: string, record: RunRecord | undefined): Promise<void> {
  const other = record?.ended === undefined ? record?.process : undefined;
  if (other === undefined || other.pid === process.pid || !(await isAlive(other))) return;
  throw new TextRecognizerError(
    'FOLDER_IN_USE',
    `The run in ${folder} is still running in process ${other.pid}: choose another folder, or wait until it has ended.`,
  );
}

async function begin(before: RunRecord | undefined, { stages }: Recipe): Promise<RunRecord> {
  const commit = await currentCommit();
  const commits = before?.commits ?? [];
  return {
    id: before?.id ?? randomUUID(),
    started: before?.started ?? new Date().toISOString(),
    commits: commit === undefined || commits.includes(commit) ? commits : [...commits, commit],
    software: software(),
    machine: machine(),
    stages: stages.flatMap(({ name }) => name ?? []),
    parents: before?.parents ?? [],
    monitor: before?.monitor,
    copies: before?.copies,
    process: await thisProcess(),
  };
}

function software(): Record<string, string> {
  const runtime = env.versions.node ?? 'unknown';
  return { 'text-recognizer': packageVersion(), node: process.versions.node, 'onnxruntime-node': runtime };
}

function machine(): NonNullable<RunRecord['machine']> {
  const processors = cpus();
  return {
    platform: `${platform()} ${arch()}`,
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}

/** Undefined where this is an installed package, not a checkout, or there is no git. */
async function currentCommit(): Promise<string | undefined> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  if (!existsSync(join(root, '.git'))) return undefined;
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    return (await promisify(execFile)('git', args, { cwd: root })).stdout.trim();
  } catch {
    return undefined;
  }
}
