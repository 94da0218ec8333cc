import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import type { LeaderboardEntry } from './gradescope-results.ts';

const rowSchema = z.strictObject({
  name: z.string(),
  time: z.string(),
  entries: z.array(z.strictObject({ name: z.string(), value: z.number(), order: z.enum(['asc', 'desc']) })),
});

const boardSchema = z.strictObject({ rows: z.array(rowSchema) });

/** The last submission of everybody. */
export type LeaderboardRow = z.output<typeof rowSchema>;

/** Puts a submission in the place of an earlier one of the same name, and ranks all by the first entry. Throws FILE_CORRUPT. */
export async function enterLeaderboard(
  path: string,
  name: string,
  entries: readonly LeaderboardEntry[],
): Promise<readonly LeaderboardRow[]> {
  const row = { name, time: new Date().toISOString(), entries: [...entries] };
  const others = (await readRows(path)).filter((other) => other.name !== name);
  const rows = rank([...others, row]);
  await writeFileAtomic(path, `${JSON.stringify({ rows }, null, 2)}\n`);
  return rows;
}

/** The best first; those without a figure last. */
function rank(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  return rows.toSorted((a, b) => {
    const [first] = a.entries;
    const [second] = b.entries;
    if (!first || !second) return Number(!first) - Number(!second);
    return first.order === 'asc' ? first.value - second.value : second.value - first.value;
  });
}

async function readRows(path: string): Promise<LeaderboardRow[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  try {
    return boardSchema.parse(JSON.parse(text)).rows;
  } catch (cause) {
    throw new TextRecognizerError('FILE_CORRUPT', `${path} is not a leaderboard: move it away to begin another.`, {
      cause,
    });
  }
}
