import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { explainWrite } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { RunSummary } from './run-summary.ts';

/** Another number makes all summaries be read again. */
const VERSION = 1;

/** What other programs may ask with SQL; `summary` is the whole of it as JSON. */
const TABLE = `
  CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY,
    "group" TEXT NOT NULL,
    model TEXT NOT NULL,
    kind TEXT NOT NULL,
    network TEXT NOT NULL,
    state TEXT NOT NULL,
    started TEXT,
    updated TEXT,
    epoch INTEGER NOT NULL,
    step INTEGER NOT NULL,
    summary TEXT NOT NULL
  ) WITHOUT ROWID`;

const UPSERT = `INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The summaries in an index; none where the file is missing, damaged, or of another version, as all can be read from the folders again. */
export async function loadIndexFile(path: string): Promise<RunSummary[]> {
  try {
    return await withCopy(path, (database) => {
      if (!isCurrent(database)) return [];
      return database.all('SELECT summary FROM runs').map(({ summary }) => JSON.parse(String(summary)) as RunSummary);
    });
  } catch {
    return [];
  }
}

/** Puts what has changed into an index, so that readers see the old or the new one; throws DISK_FULL or FILE_NOT_WRITABLE. */
export async function saveIndexFile(
  path: string,
  changed: readonly RunSummary[],
  removed: readonly string[],
): Promise<void> {
  try {
    await withCopy(path, (database) => writeRuns(database, changed, removed), path);
  } catch (error) {
    throw explainWrite(path, error);
  }
}

function writeRuns(database: sqlite.Database, changed: readonly RunSummary[], removed: readonly string[]): void {
  if (!isCurrent(database)) database.exec(`DROP TABLE IF EXISTS runs; PRAGMA user_version = ${VERSION}`);
  database.exec(TABLE);
  database.exec('BEGIN');
  const upsert = database.prepare(UPSERT);
  for (const run of changed) upsert.run(rowOf(run));
  upsert.finalize();
  for (const id of removed) database.run('DELETE FROM runs WHERE id = ?', [id]);
  database.exec('COMMIT');
}

function rowOf(run: RunSummary): (string | number | null)[] {
  const { id, group, model, kind, network, state, started = null, updated = null, log } = run;
  return [id, group, model, kind, network, state, started, updated, log.epoch, log.step, JSON.stringify(run)];
}

function isCurrent(database: sqlite.Database): boolean {
  return database.get('PRAGMA user_version')?.user_version === VERSION;
}

/**
 * Opens a copy of a database, so that no lock of a killed process is ever in the way; `target` gets the copy back. A file that is no
 * database is recreated where it is to be written.
 */
async function withCopy<Result>(
  path: string,
  use: (database: sqlite.Database) => Result,
  target?: string,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'run-index-'));
  const copy = join(folder, 'index.sqlite');
  try {
    await copyFile(path, copy).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || target === undefined) throw error;
    });
    const result = await useDatabase(copy, use, target !== undefined);
    if (target !== undefined) await writeFileAtomic(target, await readFile(copy));
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function useDatabase<Result>(
  path: string,
  use: (database: sqlite.Database) => Result,
  mayBeginAnew: boolean,
): Promise<Result> {
  const database = new sqlite.Database(path);
  try {
    return use(database);
  } catch (error) {
    if (!mayBeginAnew || !(error instanceof sqlite.SQLite3Error)) throw error;
  } finally {
    database.close();
  }
  await rm(path, { force: true });
  return await useDatabase(path, use, false);
}
