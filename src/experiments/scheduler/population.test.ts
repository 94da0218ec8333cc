import { mkdtempSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outcomeOfRun } from '../../../tests/support/disturb-group.ts';
import { writeSmallSample } from '../../../tests/support/write-small-sample.ts';
import { readLatestCheckpoint } from '../../training/checkpoint.ts';
import type { Group } from '../search/group.ts';
import { readGroup } from '../search/read-group.ts';
import { openRunIndex } from '../tracking/run-index.ts';
import { runValue } from '../tracking/run-value.ts';
import type { GroupEvent } from './group-run.ts';
import { runAttempt } from './run-attempt.ts';
import { runGroup } from './run-group.ts';
import type { Launch } from './start-attempt.ts';

const folder = mkdtempSync(join(tmpdir(), 'population-'));
const path = (...names: readonly string[]) => join(folder, ...names);
const field = 'training.schedule.learningRate';
let group: Group;

beforeAll(async () => {
  const training = {
    epochs: 3,
    batchSize: 32,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'constant', learningRate: 1 },
  };
  const data = { train: [await writeSmallSample(folder, 150)], validationShare: 0.25 };
  const base = { name: 'small', network: { name: 'mlp', config: { hidden: [8] } }, data, training };
  const fields = { [field]: { kind: 'log-uniform', low: 0.0001, high: 0.1 } };
  const search = { kind: 'random', count: 3, seed: 3, fields };
  const file = { name: 'small-population', base, search, population: { interval: 1 } };
  await writeFile(path('group.json'), JSON.stringify(file));
  group = await readGroup(path('group.json'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** In this process, which saves starting one for each attempt. */
const launch: Launch = async (request, _, { begun }) => {
  const stop = new AbortController();
  begun({ device: 'here' });
  const ended = runAttempt({ ...request, shared: undefined }, { signal: stop.signal });
  return { ended, stop: () => stop.abort() };
};
const slots = ['a', 'b'].map((label) => ({ label, locks: [], threads: 1, env: {} }));

async function run(name: string, onEvent: (event: GroupEvent, stop: () => void) => void = () => undefined) {
  const stop = new AbortController();
  return await runGroup(group, {
    folder: path(name),
    dataRoot: folder,
    launcher: { launch, slots, place: 'unused' },
    signal: stop.signal,
    onEvent: (event) => onEvent(event, () => stop.abort()),
  });
}

const outcomes = (name: string) => Promise.all(group.runs.map((member) => outcomeOfRun(path(name, member.name))));
const decisions = async (name: string) => await readFile(path(name, 'population.jsonl'), 'utf8');

test('after each round the worst run goes on from the best, with a setting near to its own', async () => {
  const copies: Extract<GroupEvent, { event: 'copied' }>[] = [];
  const states: Promise<unknown[]>[] = [];
  const summary = await run('reference', (event) => {
    if (event.event !== 'copied') return;
    copies.push(event);
    const pair = [event.from, event.run].map((name) => readLatestCheckpoint(path('reference', name)));
    states.push(Promise.all(pair).then((found) => found.map((latest) => latest?.checkpoint)));
  });
  expect(summary).toMatchObject({ finished: 3, failed: 0, stopped: 0 });
  expect(copies.map(({ epoch }) => epoch)).toEqual([1, 2]);
  const [best, worst] = (await states[0]) as { tensors: Map<string, Float32Array>; meta: { schedule: object } }[];
  expect([...worst.tensors.keys()]).toEqual([...best.tensors.keys()]);
  for (const [name, values] of best.tensors) expect(worst.tensors.get(name)).toEqual(values);
  const rate = copies[0].settings[field];
  expect(worst.meta.schedule).toEqual({ kind: 'constant', learningRate: rate });
  const donor = group.runs.find(({ name }) => name === copies[0].from)!;
  const ratio = rate / (donor.settings[field] as number);
  expect(Math.min(Math.abs(ratio - 0.8), Math.abs(ratio - 1.2))).toBeLessThan(0.001);

  const [, last] = copies;
  const found = (await openRunIndex(path('reference'))).run(last.run);
  expect(runValue(found, 'copiedFrom')).toBe(last.from);
  expect(runValue(found, field)).toBe(last.settings[field]);
  expect(found.record?.copies?.at(-1)).toEqual({ epoch: 2, from: last.from, settings: last.settings });
});

test('one that was interrupted at any moment ends like one that was left alone', async () => {
  const paused = new Set<string>();
  const isPaused = (event: GroupEvent) => event.event === 'paused' && paused.add(event.run);
  // In the middle of the first round.
  await run('disturbed', (event, stop) => isPaused(event) && stop());
  // At its end, when it is decided what to copy, and nothing is copied yet.
  await run('disturbed', (event, stop) => isPaused(event) && paused.size === 3 && stop());
  expect(await decisions('disturbed')).toBe((await decisions('reference')).replace(/\n[^]*/, '\n'));
  // In the second round, as if a scheduler had been killed while it wrote.
  await run('disturbed', ({ event }, stop) => event === 'started' && stop());
  await appendFile(path('disturbed', 'population.jsonl'), '{"epoch":2,"cop');
  expect(await run('disturbed')).toMatchObject({ finished: 3, failed: 0, stopped: 0 });
  expect(await decisions('disturbed')).toBe(await decisions('reference'));
  expect(await outcomes('disturbed')).toEqual(await outcomes('reference'));
});

test('a group whose rounds were changed since is refused', async () => {
  await writeFile(path('reference', 'population.jsonl'), '{"epoch":2,"copies":[]}\n');
  await expect(run('reference')).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/population\.jsonl has copies after epoch 2, not 1/),
  });
});
