import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../src/datasets/dataset.ts';
import { openDataset } from '../src/datasets/registry.ts';
import { subset } from '../src/datasets/subset.ts';
import { createNetwork } from '../src/networks/create-network.ts';
import type { Device } from '../src/runtime/session.ts';
import { characterLearner } from '../src/tasks/character/character-learner.ts';
import { fit } from '../src/training/fit.ts';
import { runCli } from './support/run-cli.ts';
import { writeSmallSample } from './support/write-small-sample.ts';

/** Chromium's SwiftShader is a Vulkan adapter without a GPU: slow, and right. */
const adapter = '/usr/lib/chromium/vk_swiftshader_icd.json';
const loaders = ['/lib/x86_64-linux-gnu/libvulkan.so.1', '/lib/aarch64-linux-gnu/libvulkan.so.1'];
const isInstalled = existsSync(adapter) && loaders.some((path) => existsSync(path));
const env = { VK_ICD_FILENAMES: adapter, VK_DRIVER_FILES: adapter };
const [onAdapter, withoutAdapter] = [test.skipIf(!isInstalled), test.skipIf(process.platform !== 'linux')];
if (!isInstalled) console.log(`WebGPU is not tested: it needs Debian's chromium and libvulkan1 (${adapter}).`);

// Some 15 s of one core; more where other work takes the processor.
vi.setConfig({ testTimeout: 400_000 });

let folder: string;
let sample: string;

beforeAll(async () => {
  if (isInstalled) Object.assign(process.env, env);
  folder = await mkdtemp(join(tmpdir(), 'webgpu-'));
  sample = await writeSmallSample(folder, 60);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

onAdapter('inference on webgpu gives what the processor gives', async () => {
  const [cpu, webgpu] = [await evaluate('cpu'), await evaluate('webgpu')];
  expect(webgpu.accuracy).toBe(cpu.accuracy);
  expect(webgpu.loss).toBeCloseTo(cpu.loss, 4);
});

onAdapter('training on webgpu has the losses that it has on the processor', async () => {
  const [cpu, webgpu] = [await trainFourSteps('cpu'), await trainFourSteps('webgpu')];
  expect(cpu.loss).toBeLessThan(4.5);
  expect(webgpu.loss).toBeCloseTo(cpu.loss, 3);
  expect(webgpu.valLoss).toBeCloseTo(cpu.valLoss, 3);
});

withoutAdapter('without an adapter it says what is needed', async () => {
  const args = ['recognize', 'data/emnist-sample/images/digit-7.png', '--model', 'mlp', '--device', 'webgpu'];
  const nothing = { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' };
  const { code, stderr } = await runCli(args, { env: nothing });
  expect(stderr).toMatch(/DEVICE_UNAVAILABLE: The device 'webgpu' cannot be used here .*Or use --device cpu\.\n$/);
  expect(code).toBe(1);
});

async function evaluate(device: string): Promise<{ accuracy: number; loss: number }> {
  const { code, stdout } = await runCli(['evaluate', 'mlp', '--data', sample, '--json', '--device', device], { env });
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

/** The losses after one epoch of four steps with dropout. */
async function trainFourSteps(device: Device): Promise<Readonly<Record<string, number>>> {
  const [train, validation] = await splitSample();
  const network = createNetwork('lenet', { classes: train.classes.length, channels: [4, 4], hidden: 8 });
  const epochs: Readonly<Record<string, number>>[] = [];
  await fit(characterLearner(network, { train, validation, batchSize: 16, seed: 1 }), {
    folder: join(folder, device),
    device,
    epochs: 1,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'constant', learningRate: 0.003 },
    seed: 1,
    callbacks: [{ name: 'watch', onEpochEnd: ({ metrics }) => void epochs.push(metrics) }],
  });
  expect(epochs).toHaveLength(1);
  return epochs[0];
}

/** 64 images to train on, four batches, and the other 60. */
async function splitSample(): Promise<[train: Dataset, validation: Dataset]> {
  const whole = await openDataset(sample, { root: folder });
  const indices = Array.from({ length: whole.length }, (_, i) => i);
  return [subset(whole, indices.slice(0, 64)), subset(whole, indices.slice(64))];
}
