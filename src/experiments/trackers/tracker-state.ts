import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { TrackerKind } from './tracker-kinds.ts';

const cursorSchema = z.strictObject({
  bytes: z.int(),
  tail: z.string(),
  step: z.int(),
  epoch: z.int(),
  time: z.string(),
});

const stateSchema = z.strictObject({
  /** The server; undefined for trackers without one. */
  uri: z.string().optional(),
  /** The run there. */
  runId: z.string().optional(),
  artifactUri: z.string().optional(),
  /** How far the logs were sent, by the prefix of their stage. */
  logs: z.record(z.string(), cursorSchema).default({}),
  /** Settings and tags that were sent, so that only new ones are. */
  said: z.record(z.string(), z.string()).default({}),
  /** Sizes and times of the files that were sent. */
  files: z.record(z.string(), z.string()).default({}),
  /** What the run's folder looked like when all of it had been sent. */
  complete: z.string().optional(),
});

/** What a tracker has of a run, in `trackers/KIND.json` of its folder. */
export type TrackerState = z.output<typeof stateSchema>;

/** Undefined where the run was never given to this tracker, or what was noted cannot be read. */
export async function readTrackerState(folder: string, kind: TrackerKind): Promise<TrackerState | undefined> {
  const text = await readFile(stateFile(folder, kind), 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : stateSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export async function writeTrackerState(folder: string, kind: TrackerKind, state: TrackerState): Promise<void> {
  await writeFileAtomic(stateFile(folder, kind), `${JSON.stringify(state, null, 2)}\n`);
}

/** Of a run that was not sent yet. */
export function emptyState(): TrackerState {
  return { logs: {}, said: {}, files: {} };
}

/** The folder in a run's folder where trackers note what they have. */
export function trackersFolder(folder: string): string {
  return join(folder, 'trackers');
}

function stateFile(folder: string, kind: TrackerKind): string {
  return join(trackersFolder(folder), `${kind}.json`);
}
