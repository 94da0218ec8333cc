import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface WrittenRun {
  readonly experiment?: object;
  readonly record?: object;
  /** Metrics of each epoch of ten steps. */
  readonly epochs?: readonly Readonly<Record<string, number>>[];
  /** By data set, as `model.json` has them. */
  readonly figures?: object;
}

/** Writes the folder of a run as a training leaves it. */
export function writeRun(root: string, id: string, { experiment, record, epochs, figures }: WrittenRun): string {
  const folder = join(root, id);
  if (experiment) writeJson(join(folder, 'experiment.json'), experiment);
  if (record) writeJson(join(folder, 'run.json'), { ...defaultRecord, ...record });
  if (epochs) writeText(join(folder, 'metrics.jsonl'), epochs.map(epochLines).join(''));
  if (figures) writeJson(join(folder, 'model', 'model.json'), { metrics: figures });
  return folder;
}

/** An experiment of a character network with what tells it from others. */
export function experimentOf(learningRate: number, seed = 1): object {
  return {
    kind: 'character',
    name: 'mlp',
    network: { name: 'mlp', config: {} },
    data: { train: ['emnist'], notes: { emnist: 'all of it' } },
    training: { epochs: 3, optimizer: { kind: 'adamw' }, schedule: { kind: 'constant', learningRate }, seed },
  };
}

const defaultRecord = {
  id: '00000000-0000-4000-8000-000000000001',
  started: '2026-11-28T10:00:00.000Z',
  commits: ['0123456789abcdef0123456789abcdef01234567'],
  software: { node: '20.20.2' },
};

/** A step line and the epoch's line; minute `epoch` of the hour. */
export function epochLines(metrics: Readonly<Record<string, number>>, index: number): string {
  const epoch = index + 1;
  const step = 10 * epoch;
  const minute = String(epoch).padStart(2, '0');
  return [
    { event: 'step', time: `2026-11-28T10:${minute}:00.000Z`, step, totalSteps: 30, epoch, epochs: 3, loss: 1 / step },
    { event: 'epoch', time: `2026-11-28T10:${minute}:01.000Z`, epoch, epochs: 3, step, seconds: 1.5, metrics },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

function writeJson(path: string, value: object): void {
  writeText(path, JSON.stringify(value));
}

function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
