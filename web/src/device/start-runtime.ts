import type * as Ort from 'onnxruntime-web/wasm';
import plainWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import gpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { ModelManifest } from '../../../src/models/model-manifest.ts';
import { fetchAndKeep } from './fetch-and-keep.ts';

declare const WASM_BYTES: { readonly plain: number; readonly gpu: number };

/** Hears of bytes that have come, and, before, how many there will be. */
export type OnBytes = (count: number, total?: number) => void;

export type Provider = 'wasm' | 'webgpu';

/** A network that is ready: takes named tensors, gives named arrays. */
export interface DeviceSession {
  readonly provider: Provider;
  run(inputs: Readonly<Record<string, DeviceTensor>>): Promise<Readonly<Record<string, Float32Array>>>;
}

/** Data with its shape, row-major. */
export interface DeviceTensor {
  readonly data: Uint8Array | Float32Array;
  readonly shape: readonly number[];
}

/** ONNX Runtime, ready for models. */
export interface Runtime {
  createSession(onnx: ArrayBuffer): Promise<DeviceSession>;
}

/** A smaller network is done before a GPU has been given its input. */
const WORTH_A_GPU = 50e6;

const started = new Map<string, Promise<typeof Ort>>();

/** Starts ONNX Runtime for a model, from this site: on the GPU for a large network where there is one, else SIMD. */
export async function startRuntime(manifest: ModelManifest, onBytes: OnBytes): Promise<Runtime> {
  const provider = manifest.multiplyAccumulates >= WORTH_A_GPU && (await hasGpu()) ? 'webgpu' : 'wasm';
  const ort = await startOnce(provider, onBytes);
  return { createSession: (onnx) => createSession(ort, onnx, provider) };
}

async function hasGpu(): Promise<boolean> {
  if (!('gpu' in navigator)) return false;
  const gpu = navigator.gpu as { requestAdapter(): Promise<object | null> };
  return (await gpu.requestAdapter().catch(() => null)) !== null;
}

/** One start for each provider; one that failed, for want of a network, is tried again. */
async function startOnce(provider: Provider, onBytes: OnBytes): Promise<typeof Ort> {
  const start = started.get(provider) ?? (provider === 'webgpu' ? startGpu(onBytes) : startPlain(onBytes));
  started.set(provider, start);
  return await start.catch((error: unknown) => {
    started.delete(provider);
    throw error;
  });
}

async function startPlain(onBytes: OnBytes): Promise<typeof Ort> {
  return await configure(await import('onnxruntime-web/wasm'), plainWasm, WASM_BYTES.plain, onBytes);
}

async function startGpu(onBytes: OnBytes): Promise<typeof Ort> {
  return await configure(await import('onnxruntime-web/webgpu'), gpuWasm, WASM_BYTES.gpu, onBytes);
}

async function configure(ort: typeof Ort, url: string, bytes: number, onBytes: OnBytes): Promise<typeof Ort> {
  onBytes(0, bytes);
  ort.env.wasm.wasmBinary = await fetchAndKeep(new URL(url, import.meta.url).href, onBytes);
  // More threads need cross-origin isolation, which an embedding page would have to grant; one reads fast enough.
  ort.env.wasm.numThreads = 1;
  return ort;
}

async function createSession(ort: typeof Ort, onnx: ArrayBuffer, provider: Provider): Promise<DeviceSession> {
  const session = await ort.InferenceSession.create(onnx, { executionProviders: [provider] });
  return {
    provider,
    async run(inputs) {
      const tensors = Object.entries(inputs).map(([name, { data, shape }]) => {
        const tensor = data instanceof Uint8Array ? new ort.Tensor('uint8', data, shape) : new ort.Tensor(data, shape);
        return [name, tensor] as const;
      });
      const outputs = Object.entries(await session.run(Object.fromEntries(tensors)));
      return Object.fromEntries(outputs.map(([name, { data }]) => [name, data as Float32Array]));
    },
  };
}
