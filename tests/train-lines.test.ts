import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { smallLineExperiment } from '../src/tasks/line/testing/small-line-experiment.ts';
import { runCli } from './support/run-cli.ts';
import { writeSmallLines } from './support/write-small-lines.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'train-lines-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a training leaves a model with its figures, and a report with curves and lines', async () => {
  const pack = await writeSmallLines(folder);
  const experiment = smallLineExperiment({ train: [{ lines: pack, weight: 1, validationShare: 0.25 }] });
  const file = join(folder, 'small.json');
  await writeFile(file, JSON.stringify(experiment));
  const run = await runCli(['train', file, '--folder', join(folder, 'run'), '--test', `${pack}-aside`]);
  expect(run, run.stderr).toMatchObject({ code: 0 });

  const read = (name: string) => readFile(join(folder, 'run', name), 'utf8');
  const { metrics, provenance } = JSON.parse(await read('model/model.json')) as {
    metrics: Record<string, { lines: number }>;
    provenance: { data: unknown[] };
  };
  expect(metrics['small-lines-aside, greedy'].lines).toBe(4);
  expect(provenance.data).toMatchObject([{ items: 12 }]);

  // Fitted again to the same lines, the model says what it said before.
  const before = await read('model/model.json');
  const model = join(folder, 'run', 'model');
  const again = await runCli(['calibrate', model, '--experiment', file, '--test', `${pack}-aside`]);
  expect(again, again.stderr).toMatchObject({ code: 0 });
  expect(await read('model/model.json')).toBe(before);

  const report = await read('report-small-lines-aside.html');
  expect(report).toContain('<h1>small on small-lines-aside</h1>');
  expect(report).toContain('<img class="curves" alt="Learning curves" src="data:image/svg+xml,');
  for (const word of ['net', 'sit', 'man', 'toe']) expect(report).toContain(word);
});

test('a network that reads by position of the text is trained and evaluated in the same way', async () => {
  const pack = await writeSmallLines(folder);
  const config = { height: 64, window: 32, stride: 16, channels: [4, 4], features: 8, units: 8, positions: 3 };
  const experiment = {
    ...smallLineExperiment(
      { train: [{ lines: pack, weight: 1 }], validation: [`${pack}-aside`] },
      { epochs: 1, batch: { maxLines: 4, maxColumns: 2048, widthStep: 96, maxWidth: 192 } },
    ),
    network: { name: 'line-lstm', config },
  };
  const file = join(folder, 'by-position.json');
  await writeFile(file, JSON.stringify(experiment));
  const run = await runCli(['train', file, '--folder', join(folder, 'by-position')]);
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const model = join(folder, 'by-position', 'model');
  const evaluation = await runCli(['evaluate', model, '--data', `${pack}-aside`, '--decoder', 'beam', '--json']);
  expect(evaluation, evaluation.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(evaluation.stdout)).toMatchObject({ model: 'small', decoder: 'beam', lines: 4 });
});
