import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runningProcessSchema } from '../files/running-process.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';

const endSchema = z.strictObject({
  time: z.string(),
  state: z.enum(['finished', 'stopped', 'failed']),
  /** The error of a run that failed; why one ended before its last epoch. */
  reason: z.string().optional(),
});

/** `run.json` of a run's folder: what it is called, what it was made with, and how it ended. */
const runRecordSchema = z.strictObject({
  id: z.string(),
  started: z.string(),
  /** Of this repository, `-dirty` where files had been changed; more than one where the run was resumed with another. */
  commits: z.array(z.string()),
  software: z.record(z.string(), z.string()),
  machine: z
    .strictObject({
      platform: z.string(),
      processor: z.string(),
      cores: z.int(),
      memoryGiB: z.number(),
    })
    .optional(),
  /** In the order in which they are trained; each has a folder of its own in `stages`. Empty where there is one training only. */
  stages: z.array(z.string()).default([]),
  /** Files of weights that it began with. */
  parents: z
    .array(z.strictObject({ weights: z.string(), sha256: z.string(), licence: z.string().default('unknown') }))
    .default([]),
  /** What the best epoch is chosen by. */
  monitor: z.strictObject({ metric: z.string(), mode: z.enum(['min', 'max']) }).optional(),
  /** Of population-based training: after which epochs it went on from the state of another run of its group, with which settings. */
  copies: z
    .array(z.strictObject({ epoch: z.int(), from: z.string(), settings: z.record(z.string(), z.number()) }))
    .optional(),
  /** Which process runs it now, or ran it when it was killed. */
  process: runningProcessSchema.optional(),
  /** Left out until it has ended, and again once it resumes. */
  ended: endSchema.optional(),
});

export type RunRecord = z.output<typeof runRecordSchema>;
export type RunEnd = z.output<typeof endSchema>;

/** `run.json` of a run's folder; undefined where there is none, or none that can be read. */
export async function readRunRecord(folder: string): Promise<RunRecord | undefined> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : runRecordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Changes some of a record that is there. */
export async function changeRunRecord(folder: string, changes: Partial<RunRecord>): Promise<void> {
  const record = await readRunRecord(folder);
  if (record) await writeRunRecord(folder, { ...record, ...changes });
}

/** Replaces `run.json`. */
export async function writeRunRecord(folder: string, record: RunRecord): Promise<void> {
  await writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
}
