import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRunIndex } from '../tracking/run-index.ts';
import { experimentOf, writeRun } from '../tracking/testing/write-run.ts';
import { settingImportance } from './importance.ts';

test('the share of the variance that goes with a setting, and the rank correlation', async () => {
  const root = mkdtempSync(join(tmpdir(), 'importance-'));
  // The rate explains most of the loss, the seed none of it.
  const runs = [
    [0.01, 1, 1],
    [0.01, 2, 2],
    [0.1, 1, 4],
    [0.1, 2, 3],
  ];
  runs.forEach(([rate, seed, valLoss], i) =>
    writeRun(root, `run-${i}`, { experiment: experimentOf(rate, seed), epochs: [{ valLoss }] }),
  );
  writeRun(root, 'without-metric', { experiment: experimentOf(0.5, 3) });
  // By hand: SS_total 5, SS_within 1 on 2 degrees of freedom, so that ε² = (5 − 1 − 0.5) / 5; scipy.stats.spearmanr says 0.8944.
  expect(settingImportance((await openRunIndex(root)).runs, 'valLoss')).toEqual([
    { setting: 'training.schedule.learningRate', share: 0.7, correlation: expect.closeTo(0.894427, 6), runs: 4 },
    { setting: 'training.seed', share: 0, correlation: 0, runs: 4 },
  ]);
});

test('a number that is different in each run is put into ranges', async () => {
  const root = mkdtempSync(join(tmpdir(), 'importance-'));
  for (let i = 0; i < 24; i++)
    writeRun(root, `run-${i}`, { experiment: experimentOf(i + 1), epochs: [{ valLoss: 100 - i }] });
  const [{ setting, share, correlation }] = settingImportance((await openRunIndex(root)).runs, 'valLoss');
  // Six ranges of four: SS_total = 24 (24² − 1) / 12 = 1150, SS_within = 6 · 5 = 30; ε² = (1150 − 30 − 5 · 30 / 18) / 1150.
  expect([setting, correlation]).toEqual(['training.schedule.learningRate', expect.closeTo(-1, 12)]);
  expect(share).toBeCloseTo(0.966667, 5);
});
