import { availableParallelism, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import type { Device } from '../../runtime/session.ts';
import { readNvidiaSmi } from '../../training/callbacks/nvidia-smi.ts';

/** What one run at a time computes on. */
export interface DeviceSlot {
  /** E.g. `cores 0-1`, `gpu 0`. */
  readonly label: string;
  /** Folders that the run's process holds while it computes, so that other groups on this machine wait. */
  readonly locks: readonly string[];
  readonly threads: number | undefined;
  readonly env: Readonly<Record<string, string>>;
}

export interface DeviceOptions {
  readonly device?: Device;
  /** Runs at a time. Default one for each core, for `threads` cores, or for each GPU. */
  readonly workers?: number;
  /** Threads of each run. Default its share of the cores. */
  readonly threads?: number;
  /** Where the locks are; default a folder of this user in the system's folder for temporary files. */
  readonly lockRoot?: string;
}

/** Divides the cores, or GPUs, among as many runs at a time; throws DEVICE_UNAVAILABLE where there is no GPU. */
export async function deviceSlots(options: DeviceOptions): Promise<DeviceSlot[]> {
  const { device = 'cpu', workers, threads, lockRoot = defaultLockRoot() } = options;
  if (device === 'cpu') return coreSlots(options, lockRoot);
  // The provider for WebGPU takes the adapter that it finds.
  if (device === 'webgpu') return [{ label: 'webgpu', locks: [join(lockRoot, 'webgpu')], threads, env: {} }];
  const gpus = await listGpus();
  return gpus.slice(0, workers).map((gpu) => ({
    label: `gpu ${gpu}`,
    locks: [join(lockRoot, `gpu-${gpu}`)],
    threads,
    env: { CUDA_VISIBLE_DEVICES: String(gpu) },
  }));
}

function coreSlots({ workers: wanted, threads: wantedThreads }: DeviceOptions, lockRoot: string): DeviceSlot[] {
  const cores = availableParallelism();
  const workers = wanted ?? Math.max(1, Math.floor(cores / (wantedThreads ?? 1)));
  const threads = wantedThreads ?? Math.max(1, Math.floor(cores / workers));
  return Array.from({ length: workers }, (_, worker) => {
    const own = Array.from({ length: threads }, (_, i) => worker * threads + i);
    const label = threads === 1 ? `core ${own[0]}` : `cores ${own[0]}-${own[threads - 1]}`;
    return { label, locks: own.map((core) => join(lockRoot, `core-${core}`)), threads, env: {} };
  });
}

async function listGpus(): Promise<number[]> {
  const readings = (await readNvidiaSmi()) ?? {};
  const gpus = new Set(Object.keys(readings).map((name) => Number(/^gpu(\d+)/.exec(name)?.[1])));
  if (gpus.size > 0) return [...gpus].sort((a, b) => a - b);
  throw new TextRecognizerError('DEVICE_UNAVAILABLE', 'nvidia-smi names no GPU here. Use --device cpu.');
}

function defaultLockRoot(): string {
  return join(tmpdir(), `text-recognizer-devices-${userInfo().uid}`);
}
