import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPoints, startOfLog, type LogCursor } from './log-points.ts';

const path = join(mkdtempSync(join(tmpdir(), 'log-points-')), 'metrics.jsonl');
const time = '2026-11-28T10:00:00.500Z';

function step(number: number, loss: number | string): string {
  const rest = { learningRate: 0.1, gradientNorm: 2, items: 64, seconds: 0.5, waitSeconds: 0.05 };
  return `${JSON.stringify({ event: 'step', time, step: number, loss, ...rest })}\n`;
}

function read(cursor: LogCursor): { points: unknown[]; cursor: LogCursor } {
  const parts = [...readPoints(path, cursor)];
  return { points: parts.flatMap(({ points }) => points), cursor: parts.at(-1)?.cursor ?? cursor };
}

test('lines of steps, epochs and the machine become figures with the names that TensorBoard shows', () => {
  const epoch = { event: 'epoch', time, epoch: 1, step: 10, metrics: { loss: 0.5, valLoss: 'NaN' } };
  const system = { event: 'system', time, step: 10, residentMiB: 300 };
  writeFileSync(
    path,
    `${step(10, 0.25)}${JSON.stringify(epoch)}\n${JSON.stringify(system)}\ndamaged\n{"event":"step","step":`,
  );
  const { points, cursor } = read(startOfLog());
  const ms = 1_795_860_000_500;
  expect(points).toEqual([
    {
      step: 10,
      time: ms,
      values: {
        'step/loss': 0.25,
        'step/learningRate': 0.1,
        'step/gradientNorm': 2,
        'step/itemsPerSecond': 128,
        'step/waitShare': 0.1,
      },
    },
    { step: 10, time: ms, values: { 'epoch/loss': 0.5, 'epoch/valLoss': NaN } },
    { step: 10, time: ms, values: { 'system/residentMiB': 300 } },
  ]);
  expect(cursor).toMatchObject({ step: 10, epoch: 1, time });
});

test('the next time only new lines are read, and those that a resumed run writes again are not told twice', () => {
  writeFileSync(path, step(10, 1) + step(20, 2));
  const first = read(startOfLog());
  expect(first.points).toHaveLength(2);
  appendFileSync(path, step(30, 3));
  const second = read(first.cursor);
  expect(second.points).toMatchObject([{ step: 30 }]);
  writeFileSync(path, step(10, 1) + step(20, 2).replace('"loss"', '"note":"again","loss"') + step(30, 3) + step(40, 4));
  expect(read(second.cursor).points).toMatchObject([{ step: 40, values: { 'step/loss': 4 } }]);
  expect(read(read(second.cursor).cursor).points).toEqual([]);
});
