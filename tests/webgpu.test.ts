import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
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

/** The losses after one epoch of four steps with dropout, from the run's own record. */
async function trainFourSteps(device: string): Promise<{ loss: number; valLoss: number }> {
  const experiment = join(folder, 'lenet.json');
  await writeFile(
    experiment,
    JSON.stringify({
      name: 'lenet',
      network: { name: 'lenet', config: { channels: [4, 4], hidden: 8 } },
      data: { train: [sample], validationShare: 0.5 },
      training: {
        epochs: 1,
        batchSize: 16,
        optimizer: { kind: 'adamw' },
        schedule: { kind: 'constant', learningRate: 0.003 },
      },
    }),
  );
  const { code } = await runCli(['train', experiment, '--folder', join(folder, device), '--device', device], { env });
  expect(code).toBe(0);
  const lines = (await readFile(join(folder, device, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const epoch = lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'epoch');
  expect(epoch.step).toBe(4);
  return epoch.metrics;
}
