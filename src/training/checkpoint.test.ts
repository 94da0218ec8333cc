import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readCheckpoint, readLatestCheckpoint, saveCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint-format.ts';

function checkpointAt(step: number): Checkpoint {
  return {
    tensors: new Map([['weight', Float32Array.of(step, 0.5)]]),
    meta: {
      step,
      epoch: 1,
      stepInEpoch: step,
      totalSteps: 1000,
      schedule: { kind: 'constant', learningRate: 0.001 },
      randomState: [1, 2, 3, 4],
      epochTotals: {},
      callbacks: {},
      configHash: 'abc',
    },
  };
}

function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'checkpoint-'));
}

test('writes a file that reads back', async () => {
  const path = join(await temporaryFolder(), 'run', 'one.bin');
  await writeCheckpoint(path, checkpointAt(7));
  expect(await readCheckpoint(path)).toEqual(checkpointAt(7));
});

test('says what to give when there is no such file', async () => {
  const path = join(await temporaryFolder(), 'none.bin');
  await expect(readCheckpoint(path)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringContaining(path),
  });
});

test('keeps the last two by step, not by name', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'best.bin'), 'not ours to remove');
  await writeFile(join(folder, 'checkpoint-000000099.bin.0a1b2c3d.tmp'), 'left by a kill');
  for (const step of [99, 100, 1_000_000_000]) await saveCheckpoint(folder, checkpointAt(step));
  expect((await readdir(folder)).sort()).toEqual(['best.bin', 'checkpoint-000000100.bin', 'checkpoint-1000000000.bin']);
  const latest = await readLatestCheckpoint(folder);
  expect(latest?.checkpoint).toEqual(checkpointAt(1_000_000_000));
  expect(latest?.passedOver).toEqual([]);
});

test('falls back to the one before a damaged one, and replaces that on the way', async () => {
  const folder = await temporaryFolder();
  await saveCheckpoint(folder, checkpointAt(100));
  const damaged = await saveCheckpoint(folder, checkpointAt(200));
  await writeFile(damaged, (await readFile(damaged)).subarray(0, 300));

  const latest = await readLatestCheckpoint(folder);
  expect(latest?.checkpoint).toEqual(checkpointAt(100));
  expect(latest?.passedOver).toMatchObject([{ code: 'CHECKPOINT_INVALID', message: expect.stringContaining(damaged) }]);

  await saveCheckpoint(folder, checkpointAt(150));
  expect((await readdir(folder)).sort()).toEqual(['checkpoint-000000100.bin', 'checkpoint-000000150.bin']);
});

test('has nothing to resume in a new folder and an error where all are damaged', async () => {
  const folder = await temporaryFolder();
  expect(await readLatestCheckpoint(join(folder, 'missing'))).toBeUndefined();
  expect(await readLatestCheckpoint(folder)).toBeUndefined();
  await writeFile(join(folder, 'checkpoint-000000001.bin'), '');
  await expect(readLatestCheckpoint(folder)).rejects.toMatchObject({
    code: 'CHECKPOINT_INVALID',
    message: expect.stringMatching(/None of the 1 checkpoints .* ends after 0 bytes/s),
  });
});

test.skipIf(process.platform === 'win32')('is readable after kill -9 at any moment', async () => {
  const folder = await temporaryFolder();
  const script = `
    import { saveCheckpoint } from ${JSON.stringify(new URL('checkpoint.ts', import.meta.url).href)};
    const meta = ${JSON.stringify(checkpointAt(0).meta)};
    for (let step = Number(process.argv[1]); ; step++) {
      await saveCheckpoint(${JSON.stringify(folder)}, {
        tensors: new Map([['weight', new Float32Array(200_000).fill(step)]]),
        meta: { ...meta, step },
      });
      process.stdout.write('.');
    }`;
  let step = 0;
  for (const delay of [0, 9]) {
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script, String(step + 1)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for (let saved = 0; saved < 3; saved++) await once(child.stdout, 'data');
    await sleep(delay);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const latest = await readLatestCheckpoint(folder);
    expect(latest?.passedOver).toEqual([]);
    expect(latest?.checkpoint.meta.step).toBeGreaterThanOrEqual(step + 3);
    step = latest?.checkpoint.meta.step ?? 0;
    expect(latest?.checkpoint.tensors.get('weight')).toEqual(new Float32Array(200_000).fill(step));
  }
});
