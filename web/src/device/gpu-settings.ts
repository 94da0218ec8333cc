import { recall, remember } from '../memory.ts';
import type { GpuUse } from './choose-engine.ts';

export interface GpuSettings {
  readonly use: GpuUse;
  /** How many milliseconds WebGPU may take for a step, such as its first run, before WebAssembly takes over. */
  readonly limit: number;
}

const LIMIT = 20_000;
const DAY = 86_400_000;
const FAILED_KEY = 'webgpu-failed';

/**
 * What the page's address asks for with `?webgpu=force`, `?webgpu=off` and `?webgpu-limit=SECONDS`. Where WebGPU
 * failed at `failedAt`, less than a day ago, it is not tried again unless it is forced.
 */
export function gpuSettings(search: string, failedAt: number, now: number): GpuSettings {
  const asked = new URLSearchParams(search);
  const limit = 1000 * Number(asked.get('webgpu-limit') ?? Number.NaN);
  return { use: useOf(asked.get('webgpu'), now - failedAt < DAY), limit: limit > 0 ? limit : LIMIT };
}

function useOf(asked: string | null, hasFailed: boolean): GpuUse {
  if (asked === 'force' || asked === 'off') return asked;
  return hasFailed ? 'off' : 'auto';
}

/** The settings for this page in this browser. */
export function gpuSettingsHere(): GpuSettings {
  return gpuSettings(location.search, Number(recall(FAILED_KEY) ?? Number.NaN), Date.now());
}

/** Spares the next visits the wait for a graphics processor that does not answer. */
export function rememberGpuFailure(): void {
  remember(FAILED_KEY, String(Date.now()));
}
