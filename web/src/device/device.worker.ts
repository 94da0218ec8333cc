import { loadDeviceModel } from './load-device-model.ts';
import type { DeviceAnswer, DeviceRequest } from './device-messages.ts';
import type { DeviceModel } from './device-model.ts';

/*
 * Reads with a model in this browser, on a thread of its own. Requests are served in the order in which they come:
 * a model that is loading is awaited by the readings behind it.
 */
declare const self: DedicatedWorkerGlobalScope;

let model: DeviceModel | undefined;
let turn: Promise<void> = Promise.resolve();

self.addEventListener('message', ({ data }: MessageEvent<DeviceRequest>) => {
  turn = turn.then(() => serve(data));
});

async function serve(request: DeviceRequest): Promise<void> {
  const { id } = request;
  try {
    if (request.kind === 'load') await load(request);
    else answer({ kind: 'reading', id, reading: await read(request) });
  } catch (error) {
    answer({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function load({ id, model: name, base }: DeviceRequest & { kind: 'load' }): Promise<void> {
  model = undefined;
  model = await loadDeviceModel(name, base, (loaded, total) => answer({ kind: 'progress', id, loaded, total }));
  answer({ kind: 'loaded', id });
}

async function read({ image }: DeviceRequest & { kind: 'read' }) {
  if (model === undefined) throw new Error('No model is loaded; choose “On this device” again.');
  return await model.read(image);
}

function answer(message: DeviceAnswer): void {
  self.postMessage(message);
}
