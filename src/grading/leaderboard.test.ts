import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enterLeaderboard } from './leaderboard.ts';

const path = join(mkdtempSync(join(tmpdir(), 'leaderboard-')), 'board.json');
const cer = (value: number) => [{ name: 'CER', value, order: 'asc' as const }];

test('the best first, everybody once with the last submission, those without a figure last', async () => {
  await enterLeaderboard(path, 'Ann', cer(0.2));
  await enterLeaderboard(path, 'Bob', cer(0.1));
  await enterLeaderboard(path, 'Cid', []);
  expect((await enterLeaderboard(path, 'Ann', cer(0.05))).map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Cid']);
  const rows = await enterLeaderboard(path, 'Ann', cer(0.3));
  expect(rows.map(({ name, entries }) => [name, entries[0]?.value])).toEqual([
    ['Bob', 0.1],
    ['Ann', 0.3],
    ['Cid', undefined],
  ]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ rows });
});

test('a file that is no leaderboard is left as it is', async () => {
  writeFileSync(path, '[]');
  await expect(enterLeaderboard(path, 'Ann', [])).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  expect(readFileSync(path, 'utf8')).toBe('[]');
});
