import { expect, it } from 'vitest';
import { gpuSettings } from './gpu-settings.ts';

const never = Number.NaN;
const HOUR = 3_600_000;

it('lets WebGPU compute where there is a graphics processor, for at most 20 s a step', () => {
  expect(gpuSettings('', never, 0)).toEqual({ use: 'auto', limit: 20_000 });
});

it('takes what the address of the page asks for, if it makes sense', () => {
  expect(gpuSettings('?webgpu=force&webgpu-limit=2.5', never, 0)).toEqual({ use: 'force', limit: 2500 });
  expect(gpuSettings('?webgpu=off', never, 0)).toEqual({ use: 'off', limit: 20_000 });
  expect(gpuSettings('?webgpu=maybe&webgpu-limit=soon', never, 0)).toEqual({ use: 'auto', limit: 20_000 });
  expect(gpuSettings('?webgpu-limit=-1', never, 0).limit).toBe(20_000);
});

it('leaves WebGPU alone for a day after it failed, unless it is forced', () => {
  expect(gpuSettings('', 5 * HOUR, 28.9 * HOUR).use).toBe('off');
  expect(gpuSettings('', 5 * HOUR, 29 * HOUR).use).toBe('auto');
  expect(gpuSettings('?webgpu=force', 5 * HOUR, 6 * HOUR).use).toBe('force');
});
