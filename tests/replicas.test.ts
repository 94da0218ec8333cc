import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hashFile } from '../src/files/hash-file.ts';
import { freePort } from './support/free-port.ts';
import { runCli, startCli } from './support/run-cli.ts';
import { writeSmallSample } from './support/write-small-sample.ts';

// Ten seconds in all; more where other work takes the processor.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replicas-'));
  file = join(folder, 'small.json');
  const experiment = {
    name: 'small',
    network: { name: 'mlp', config: { hidden: [16] } },
    data: { train: [await writeSmallSample(folder, 24)], validationShare: 0.25 },
    training: {
      epochs: 6,
      batchSize: 16,
      optimizer: { kind: 'adamw' },
      schedule: { kind: 'constant', learningRate: 0.003 },
    },
  };
  await writeFile(file, JSON.stringify(experiment));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const train = (run: string, ...flags: readonly string[]) => [
  'train',
  file,
  '--folder',
  join(folder, run),
  '--replicas',
  '2',
  '--threads',
  '1',
  ...flags,
];
const weights = (run: string) => hashFile(join(folder, run, 'weights.safetensors'));

// Linux says which processes a process has started.
test.runIf(process.platform === 'linux')(
  'a replica that is killed stops the others at a checkpoint, and replicas that are started one by one resume',
  async () => {
    const reference = await runCli(train('reference'));
    expect(reference.code, reference.stderr).toBe(0);

    const { child, ending } = startCli(train('disturbed'));
    let isKilled = false;
    child.stderr!.on('data', async (text: Buffer) => {
      if (isKilled || !text.toString().includes('epoch 1/6')) return;
      isKilled = true;
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      process.kill(await replicaAmong(children.trim().split(' ')), 'SIGKILL');
    });
    const stopped = await ending;
    expect(stopped).toMatchObject({ code: 1, stderr: expect.stringMatching(/^REPLICA_LOST: .*is saved/m) as string });
    expect((await readdir(join(folder, 'disturbed'))).filter((name) => name.startsWith('checkpoint'))).not.toEqual([]);

    const address = ['--address', `tcp://127.0.0.1:${await freePort()}`];
    const [first, other] = await Promise.all([
      runCli(train('disturbed', '--rank', '0', ...address)),
      runCli(train('disturbed', '--rank', '1', ...address)),
    ]);
    expect([first.code, other.code], first.stderr + other.stderr).toEqual([0, 0]);
    expect(weights('disturbed')).toBe(weights('reference'));
  },
);

/** The process of a replica among those that a training has started. */
async function replicaAmong(pids: readonly string[]): Promise<number> {
  for (const pid of pids) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('replica.process')) return Number(pid);
  }
  throw new Error(`None of ${pids.join(', ')} is a replica.`);
}

test('says which flags do not go together', async () => {
  for (const flags of [
    ['--rank', '1'],
    ['--rank', '2', '--address', 'tcp://127.0.0.1:1'],
  ]) {
    const { code, stderr } = await runCli(train('refused', ...flags));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^INVALID_ARGUMENT: .*--rank/) });
  }
});
