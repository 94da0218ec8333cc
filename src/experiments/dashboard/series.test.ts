import { appendFileSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { Series } from './series.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'series-')), 'metrics.jsonl');
});

const stepLine = (step: number, loss: number | string) =>
  `${JSON.stringify({ event: 'step', step, epoch: 1, loss })}\n`;

test('finds the numbers of steps, epochs and the machine, by step', async () => {
  const epoch = { event: 'epoch', epoch: 1, step: 20, seconds: 9, metrics: { valCer: 0.25 } };
  const system = { event: 'system', time: '2026-11-28T10:00:00.000Z', step: 20, residentMiB: 512 };
  const lines = [
    stepLine(10, 2),
    stepLine(20, 'NaN'),
    `${JSON.stringify(epoch)}\n`,
    `${JSON.stringify(system)}\n`,
    'damage\n',
  ];
  writeFileSync(file, lines.join(''));
  const series = new Series(file);
  await series.update();
  expect(series.names).toEqual(['step.loss', 'epoch.valCer', 'system.residentMiB']);
  expect(series.curve('step.loss', 100)).toEqual({ steps: [10, 20], values: [2, null] });
  expect(series.curve('epoch.valCer', 100)).toEqual({ steps: [20], values: [0.25] });
  expect(series.curve('step.loss', 100, 11, 20).steps).toEqual([20]);
  expect(series.curve('unknown', 100)).toEqual({ steps: [], values: [] });
});

test('grows with the file, and begins again where a resumed run has cut it back', async () => {
  const series = new Series(file);
  await series.update();
  expect(series.names).toEqual([]);
  writeFileSync(file, stepLine(1, 1) + stepLine(2, 2) + '{"event":"st');
  await series.update();
  expect(series.curve('step.loss', 100).values).toEqual([1, 2]);
  truncateSync(file, stepLine(1, 1).length);
  appendFileSync(file, stepLine(2, 5) + stepLine(3, 6));
  await series.update();
  expect(series.curve('step.loss', 100)).toEqual({ steps: [1, 2, 3], values: [1, 5, 6] });
});

test('of many points, the least and the greatest of each stretch are kept, in order', async () => {
  writeFileSync(file, [3, 1, 2, 9, 5, 4, 6, 7].map((loss, i) => stepLine(i + 1, loss)).join(''));
  const series = new Series(file);
  await series.update();
  expect(series.curve('step.loss', 4)).toEqual({ steps: [2, 4, 6, 8], values: [1, 9, 4, 7] });
});

test('no peak is ever lost, and there are never more points than asked for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer(), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 2, max: 50 }),
      async (values, points) => {
        writeFileSync(file, values.map((loss, i) => stepLine(i, loss)).join(''));
        const series = new Series(file);
        await series.update();
        const curve = series.curve('step.loss', points);
        expect(curve.values.length).toBeLessThanOrEqual(Math.max(points, 2));
        expect(curve.values).toContain(Math.min(...values));
        expect(curve.values).toContain(Math.max(...values));
        expect(curve.steps).toEqual([...curve.steps].sort((a, b) => a - b));
      },
    ),
    { numRuns: 50 },
  );
});
