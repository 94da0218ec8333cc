import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import type { RunStore } from './run-store.ts';

const storedFileSchema = z.strictObject({
  /** The blob in the store. */
  blob: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
});

const entrySchema = z.strictObject({
  /** The number of the entry that began the attempt: the larger, the later. It is the attempt's fencing token. */
  attempt: z.int().positive(),
  /** Which process wrote it. */
  by: z.string(),
  time: z.string(),
  /** `claimed`: an attempt has begun with the files of the entry before. */
  state: z.enum(['claimed', 'saved', 'finished']),
  /** Attempts until now, without a break, that saved nothing. */
  fruitless: z.int().nonnegative(),
  /** The whole run, by path in its folder. */
  files: z.record(
    z.string().refine((path) => !path.split('/').includes('..') && !path.startsWith('/'), 'a path within the folder'),
    storedFileSchema,
  ),
});

export type StoredFile = z.output<typeof storedFileSchema>;
export type RunLogEntry = z.output<typeof entrySchema>;

/** An entry with its number. */
export interface RunLogHead extends RunLogEntry {
  readonly number: number;
}

/** The last entry of a run's log; undefined where nobody has begun it. */
export async function readHead(store: RunStore): Promise<RunLogHead | undefined> {
  const names = await store.list('log/');
  const number = Math.max(0, ...names.map((name) => Number(/^log\/(\d+)\.json$/.exec(name)?.[1] ?? 0)));
  return number === 0 ? undefined : await readEntry(store, number);
}

/**
 * Takes over a run from whoever has it: that one can write no more. Undefined where the run is finished, which nobody can take over.
 * Throws WORKER_FAILED where more than `retries` attempts, one after the other, were lost before they saved anything.
 */
export async function claimRun(store: RunStore, by: string, retries: number): Promise<RunLogHead | undefined> {
  for (;;) {
    const before = await readHead(store);
    if (before?.state === 'finished') return undefined;
    const fruitless = before?.state === 'claimed' ? before.fruitless + 1 : 0;
    if (fruitless > retries) throw lostTooOften(fruitless, before);
    const number = (before?.number ?? 0) + 1;
    const claim = {
      attempt: number,
      by,
      time: now(),
      state: 'claimed',
      fruitless,
      files: before?.files ?? {},
    } as const;
    if (await append(store, number, claim)) return { ...claim, number };
  }
}

/**
 * Adds what an attempt has saved after its last entry, `before`. Throws RUN_TAKEN_OVER where another attempt has the run now: then nothing is
 * changed.
 */
export async function commitRun(
  store: RunStore,
  before: RunLogHead,
  state: 'saved' | 'finished',
  files: RunLogEntry['files'],
): Promise<RunLogHead> {
  const number = before.number + 1;
  const { attempt, by } = before;
  const entry = { attempt, by, time: now(), state, fruitless: 0, files };
  if (await append(store, number, entry)) return { ...entry, number };
  const other = await readHead(store);
  throw new TextRecognizerError(
    'RUN_TAKEN_OVER',
    `Attempt ${attempt} of the run was cut off, and ${other?.by ?? 'another process'} has taken the run over: nothing more is written.`,
  );
}

/**
 * Whether the entry with that number is this one. An entry is created once and never changed, as in the logs of Delta Lake
 * (Armbrust et al. 2020): of all who would write entry n, those cut off included, one does.
 */
async function append(store: RunStore, number: number, entry: RunLogEntry): Promise<boolean> {
  const content = Buffer.from(`${JSON.stringify(entry)}\n`);
  if (await store.create(entryName(number), content)) return true;
  // The answer to a write that succeeded may have been lost, and the write been repeated.
  const there = await store.read(entryName(number));
  return there !== undefined && Buffer.from(there).equals(content);
}

async function readEntry(store: RunStore, number: number): Promise<RunLogHead> {
  const name = entryName(number);
  const bytes = await store.read(name);
  try {
    return { ...entrySchema.parse(JSON.parse(Buffer.from(bytes!).toString('utf8'))), number };
  } catch (cause) {
    throw new TextRecognizerError('FILE_CORRUPT', `${name} of the run's store is not an entry of a run log.`, {
      cause,
    });
  }
}

function lostTooOften(fruitless: number, last: RunLogHead | undefined): TextRecognizerError {
  return new TextRecognizerError(
    'WORKER_FAILED',
    `${fruitless} attempts, one after the other, were lost before they saved anything, the last one by ${last?.by}: see the worker's output there.`,
  );
}

const entryName = (number: number) => `log/${String(number).padStart(8, '0')}.json`;
const now = () => new Date().toISOString();
