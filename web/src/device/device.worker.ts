import type { Engine } from '../reading/reading.ts';
import { chooseEngine } from './choose-engine.ts';
import { withGpu } from './create-session.ts';
import type { DeviceAnswer, DeviceRequest } from './device-messages.ts';
import type { DeviceModel } from './device-model.ts';
import { GpuError } from './gpu-error.ts';
import { loadDeviceModel } from './load-device-model.ts';

/*
 * Reads with a model in this browser, on a thread of its own. Requests are served in the order in which they come:
 * a model that is loading is awaited by the readings behind it. What computes is chosen once: where WebGPU fails, the
 * page ends this worker and starts another without it.
 */
declare const self: DedicatedWorkerGlobalScope;

let engine: Engine | undefined;
let model: DeviceModel | undefined;
let turn: Promise<void> = Promise.resolve();
let served = 0;

const watch = {
  onBusy: (isBusy: boolean) => answer({ kind: 'gpu', id: served, isBusy }),
  onLost: () => answer({ kind: 'lost' }),
};

self.addEventListener('message', ({ data }: MessageEvent<DeviceRequest>) => {
  turn = turn.then(() => serve(data));
});

async function serve(request: DeviceRequest): Promise<void> {
  const { id } = request;
  served = id;
  try {
    if (request.kind === 'load') await load(request);
    else answer({ kind: 'reading', id, read: await read(request) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    answer({ kind: 'failed', id, message, isGpu: error instanceof GpuError });
  }
}

async function load({ id, model: name, base, use }: DeviceRequest & { kind: 'load' }): Promise<void> {
  model = undefined;
  engine ??= use === 'off' ? 'wasm' : await withGpu(watch, () => chooseEngine(use));
  const onProgress = (loaded: number, total: number) => answer({ kind: 'progress', id, loaded, total });
  model = await loadDeviceModel({ name, base, engine }, onProgress, watch);
  answer({ kind: 'loaded', id, engine });
}

async function read({ image }: DeviceRequest & { kind: 'read' }) {
  if (model === undefined) throw new Error('No model is loaded; choose “On this device” again.');
  return { ...(await model.read(image)), engine };
}

function answer(message: DeviceAnswer): void {
  self.postMessage(message);
}
