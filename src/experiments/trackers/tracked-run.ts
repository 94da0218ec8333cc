import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { RunRecord } from '../run-record.ts';
import { flattenSettings } from '../tracking/flatten-settings.ts';
import { readRunSummary } from '../tracking/read-run-summary.ts';
import type { RunSummary, Setting } from '../tracking/run-summary.ts';

/** A training of a run, which has a log of its own. */
export interface TrackedStage {
  /** Before the names of its figures and settings: empty where the run has one training, otherwise the stage's name and a slash. */
  readonly prefix: string;
  readonly log: string;
  readonly experiment: Readonly<Record<string, unknown>>;
}

/** What trackers are told of a run, all of it read from its folder. */
export interface TrackedRun {
  readonly folder: string;
  /** Below `runs/`, or the folder's own name. */
  readonly name: string;
  /** The runs beside it in the same folder are its group; undefined for one that lies in `runs/` itself. */
  readonly group: string | undefined;
  readonly record: RunRecord;
  readonly summary: RunSummary;
  readonly stages: readonly TrackedStage[];
}

/** Undefined for a folder without a `run.json` that can be read: nothing has begun there. */
export async function readTrackedRun(folder: string): Promise<TrackedRun | undefined> {
  const path = resolve(folder);
  const summary = await readRunSummary(dirname(path), basename(path));
  const { record, stages } = summary;
  if (record === undefined) return undefined;
  const name = nameOf(path);
  const group = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined;
  const folders = stages.length === 0 ? [''] : stages.map((stage) => `stages/${stage}`);
  const tracked = folders.map(async (below, i) => ({
    prefix: stages.length === 0 ? '' : `${stages[i]}/`,
    log: join(path, below, 'metrics.jsonl'),
    experiment: await readJson(join(path, below, 'experiment.json')),
  }));
  return { folder: path, name, group, record, summary, stages: await Promise.all(tracked) };
}

/** Every setting of a run by its path, those of stages with the stage before it. */
export function settingsOf({ stages }: TrackedRun): Record<string, Setting> {
  const all = stages.flatMap(({ prefix, experiment: { kind, name, network, data, training } }) => {
    const { notes: _, ...rest } = (data ?? {}) as Record<string, unknown>;
    const settings = flattenSettings({ kind, name, network, data: rest, training });
    return Object.entries(settings).map(([key, value]) => [`${prefix}${key}`, value] as const);
  });
  return Object.fromEntries(all);
}

/** Files of the run that are worth keeping elsewhere, by their names in its folder: not its checkpoints, nor what trackers wrote. */
export function filesToKeep(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries
    .map((entry) => entry.split(sep).join('/'))
    .filter((name) => kept.test(name) && statSync(join(folder, name)).isFile())
    .sort();
}

const kept =
  /^(?:stages\/[^/]+\/)?(?:run\.json|experiment\.json|recipe\.json|metrics\.jsonl|curves\.svg|confusion-[^/]+\.svg|report-[^/]+\.html|predictions\.jsonl|predictions\/[^/]+\.png|model\/.+)$/;

function nameOf(path: string): string {
  const below = relative(resolve('runs'), path).split(sep).join('/');
  return below === '' || below.startsWith('..') || existsSync(join(path, '..', 'run.json')) ? basename(path) : below;
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
