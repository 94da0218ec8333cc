import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Random } from '../src/random/random.ts';
import { smallLineExperiment } from '../src/tasks/line/testing/small-line-experiment.ts';
import { startCli, runCli, type CliEnding, type CliRun } from './support/run-cli.ts';
import { writeSmallLines } from './support/write-small-lines.ts';
import { writeSmallSample } from './support/write-small-sample.ts';

// Batch norm, dropout, averaging and augmentation: everything that has state or draws at random.
const characters = {
  name: 'small',
  network: { name: 'character-cnn', config: { channels: [16, 16, 16], blocks: [0, 0], dropout: 0.2 } },
  training: {
    epochs: 2,
    batchSize: 16,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'one-cycle', learningRate: 0.01 },
    averagingDecay: 0.9,
    augment: true,
  },
};

// Half a minute in all; more where other work takes the processor.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** What is trained, with the data that `write` makes. */
const subjects: readonly (readonly [string, (folder: string) => Promise<unknown>])[] = [
  [
    'characters',
    async (folder) => ({
      ...characters,
      data: { train: [await writeSmallSample(folder, 24)], validationShare: 0.25 },
    }),
  ],
  [
    'lines',
    async (folder) => {
      const pack = await writeSmallLines(folder);
      const data = { train: [{ lines: pack, weight: 1 }], validation: [`${pack}-aside`] };
      return smallLineExperiment(data, {
        epochs: 2,
        stepsPerEpoch: 6,
        schedule: { kind: 'one-cycle', learningRate: 0.01 },
        averagingDecay: 0.9,
        augment: true,
        stretch: [0.9, 1.1],
      });
    },
  ],
];

describe.each(subjects)('%s:', (_, makeExperiment) => {
  let folder: string;
  let experimentFile: string;
  let reference: Outcome;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resume-'));
    experimentFile = join(folder, 'small.json');
    await writeFile(experimentFile, JSON.stringify(await makeExperiment(folder)));
    const run = await runCli(trainArguments('reference'));
    expect(run, run.stderr).toMatchObject({ code: 0 });
    reference = await outcomeOf('reference');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  // Windows has no signals to send to another process.
  const onPosix = test.skipIf(process.platform === 'win32');

  onPosix('a run that is killed again and again ends with the same bytes as one that was not', async () => {
    const random = new Random(1);
    const delays: number[] = [];
    for (let kill = 0; kill < 2; kill++) {
      const run = startTraining('killed');
      await newCheckpoint('killed', run);
      delays.push(random.between(0, 150));
      await sleep(delays.at(-1));
      run.child.kill('SIGKILL');
      await run.ending;
    }
    expect(await startTraining('killed').ending).toMatchObject({ code: 0 });
    expect(await outcomeOf('killed'), `killed after ${delays} ms`).toEqual(reference);
  });

  onPosix('Ctrl-C saves, says how to resume, and loses nothing', async () => {
    const run = startTraining('interrupted');
    await newCheckpoint('interrupted', run);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.ending;
    expect(stderr).toMatch(/Saved after step \d+\. Run the same command again to resume\./);
    expect(code).toBe(130);

    const other = await runCli([...trainArguments('interrupted'), '--seed', '43']);
    expect(other).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/CHECKPOINT_INVALID: .* another configuration/),
    });

    expect(await startTraining('interrupted').ending).toMatchObject({ code: 0 });
    expect(await outcomeOf('interrupted')).toEqual(reference);
  });

  test('another seed gives other weights', async () => {
    expect(await runCli([...trainArguments('seed'), '--seed', '43'])).toMatchObject({ code: 0 });
    expect((await outcomeOf('seed')).weights).not.toBe(reference.weights);
  });

  function trainArguments(name: string): string[] {
    return ['train', experimentFile, '--folder', join(folder, name)];
  }

  /** A training that saves its state after every step. */
  function startTraining(name: string): CliRun {
    return startCli([...trainArguments(name), '--checkpoint-seconds', '0']);
  }

  /** Waits until the run has saved a checkpoint that was not there before. */
  async function newCheckpoint(name: string, { ending }: CliRun): Promise<void> {
    const newest = async () => (await readdir(join(folder, name)).catch(() => [])).filter(isCheckpoint).sort().at(-1);
    const before = await newest();
    let ended: CliEnding | undefined;
    void ending.then((result) => (ended = result));
    while ((await newest()) === before) {
      if (ended) throw new Error(`The training ended by itself with ${ended.code}:\n${ended.stderr}`);
      await sleep(5);
    }
  }

  async function outcomeOf(name: string): Promise<Outcome> {
    const read = (file: string) => readFile(join(folder, name, file));
    const lines = (await read('metrics.jsonl')).toString().trimEnd().split('\n');
    return {
      model: (await read('model/model.onnx')).toString('hex'),
      weights: (await read('best.safetensors')).toString('hex'),
      experiment: (await read('experiment.json')).toString(),
      metrics: lines.map((line) => withoutTimes(JSON.parse(line))).filter(({ event }) => event !== 'system'),
    };
  }
});

function isCheckpoint(name: string): boolean {
  return name.startsWith('checkpoint-') && name.endsWith('.bin');
}

/** All that a training leaves that does not tell the time. */
interface Outcome {
  readonly model: string;
  readonly weights: string;
  readonly experiment: string;
  readonly metrics: readonly unknown[];
}

function withoutTimes(record: Record<string, unknown>): Record<string, unknown> {
  const times = new Set(['time', 'seconds', 'waitSeconds', 'itemsPerSecond']);
  const entries = Object.entries(record).filter(([key]) => !times.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'metrics' ? withoutTimes(value as Record<string, unknown>) : value]),
  );
}
