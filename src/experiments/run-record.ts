import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { packageVersion } from '../files/package-version.ts';
import { makeFolder } from '../files/explain-write.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';

const recordSchema = z.strictObject({
  id: z.string(),
  started: z.string(),
  /** Of this repository, `-dirty` where files had been changed; more than one where the run was resumed with another. */
  commits: z.array(z.string()),
  software: z.record(z.string(), z.string()),
});

/** What a run is called, and what it was made with. */
export type RunRecord = z.output<typeof recordSchema>;

/** Reads `run.json` of a run's folder, or begins it; a commit that is not in it yet is added. */
export async function openRunRecord(folder: string): Promise<RunRecord> {
  await makeFolder(folder);
  const path = join(folder, 'run.json');
  const before = existsSync(path) ? recordSchema.parse(JSON.parse(await readFile(path, 'utf8'))) : newRecord();
  const commit = await currentCommit();
  const isNew = commit !== undefined && !before.commits.includes(commit);
  const record = isNew ? { ...before, commits: [...before.commits, commit] } : before;
  await writeFileWhole(path, `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

function newRecord(): RunRecord {
  const software = { 'text-recognizer': packageVersion(), node: process.versions.node };
  return { id: randomUUID(), started: new Date().toISOString(), commits: [], software };
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
