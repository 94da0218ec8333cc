import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';

const resultSchema = z.strictObject({
  /** Of the run, in its group. */
  name: z.string(),
  /** Of the model. */
  model: z.string(),
  /** The last epoch that was trained. */
  epoch: z.int(),
  /** Why it ended before its last epoch. */
  stopped: z.string().optional(),
  metric: z.string(),
  /** The metric of the best epoch; null where no epoch was trained, or none had a finite one. */
  value: z.number().nullable(),
  /** By data set. */
  figures: z.record(z.string(), z.record(z.string(), z.number())),
});

/** What a run of a group ended with; nothing in it tells the time, so that the same run ends with the same bytes. */
export type RunResult = z.output<typeof resultSchema>;

const path = (folder: string) => join(folder, 'result.json');

/** Undefined where the run has not ended. */
export async function readRunResult(folder: string): Promise<RunResult | undefined> {
  try {
    return resultSchema.parse(JSON.parse(await readFile(path(folder), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeRunResult(folder: string, result: RunResult): Promise<void> {
  await writeFileAtomic(path(folder), `${JSON.stringify(result, null, 2)}\n`);
}
