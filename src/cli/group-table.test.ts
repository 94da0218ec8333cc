import { expect, test } from 'vitest';
import type { GroupRun } from '../experiments/scheduler/group-run.ts';
import { parseRecipe } from '../experiments/recipe.ts';
import { groupLines, GroupTable } from './group-table.ts';

const recipe = parseRecipe(
  JSON.stringify({
    name: 'small',
    network: { name: 'mlp' },
    data: { train: ['emnist-sample-train'] },
    training: { epochs: 4, optimizer: { kind: 'sgd' }, schedule: { kind: 'constant', learningRate: 0.1 } },
  }),
  'small.json',
);
const monitor = { metric: 'valAccuracy', mode: 'max' } as const;

function run(name: string, changes: Partial<GroupRun>): GroupRun {
  return {
    member: { settings: {}, name, experiment: {}, recipe },
    folder: name,
    state: 'waiting',
    attempts: 0,
    fruitless: 0,
    rung: 0,
    settings: {},
    device: undefined,
    step: undefined,
    epoch: 0,
    value: undefined,
    result: undefined,
    message: undefined,
    ...changes,
  };
}

const runs = [
  run('seed=1', { state: 'finished', epoch: 4, value: 0.75 }),
  run('seed=2', {
    state: 'running',
    epoch: 1,
    value: 0.5,
    device: 'core 0',
    step: { event: 'step', epoch: 2, epochs: 4, loss: 1.25, secondsLeft: 90 },
  }),
  run('seed=3', {}),
];

test('running runs come first, with epoch, loss, metric, time left and device; the last line counts', () => {
  expect(groupLines(runs, monitor, 20)).toEqual([
    'STATE     EPOCH  LOSS  valAccuracy  LEFT  DEVICE  RUN',
    'running   2/4    1.25  0.5          1:30  core 0  seed=2',
    'finished  4/4          0.75                       seed=1',
    'waiting   0/4                                     seed=3',
    '1 running, 1 finished, 1 waiting of 3; best valAccuracy 0.75: seed=1',
  ]);
});

test('what does not fit is counted', () => {
  const lines = groupLines(runs, monitor, 4);
  expect(lines).toHaveLength(4);
  expect(lines[2]).toBe('… and 2 more');
});

test('the table is drawn over itself', () => {
  const written: string[] = [];
  const table = new GroupTable(monitor, { columns: 40, rows: 20, write: (text) => written.push(text) });
  table.draw(runs);
  table.close();
  expect(written).toHaveLength(2);
  expect(written[1].startsWith('\x1b[5A\r\x1b[J')).toBe(true);
  expect(
    Math.max(
      ...written[0]
        .slice(4)
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThan(40);
});
