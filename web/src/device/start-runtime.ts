import type * as Ort from 'onnxruntime-web/wasm';
import gpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Engine } from '../reading/reading.ts';
import { fetchAndKeep, isKept } from './fetch-and-keep.ts';
import { GpuError } from './gpu-error.ts';

/** Sizes of the WebAssembly, which the build knows. */
declare const WASM_BYTES: number;
declare const GPU_WASM_BYTES: number;

/** Hears of bytes that have come, and, before, how many there will be. */
export type OnBytes = (count: number, total?: number) => void;

/** ONNX Runtime is built without and with WebGPU; the latter is twice as large, and computes without it as well. */
const BUILDS = {
  wasm: { url: absolute(wasmUrl), bytes: WASM_BYTES, load: () => import('onnxruntime-web/wasm') },
  webgpu: { url: absolute(gpuWasmUrl), bytes: GPU_WASM_BYTES, load: () => import('onnxruntime-web/webgpu') },
} as const;

let started: Promise<typeof Ort> | undefined;

/**
 * Starts ONNX Runtime, from this site: WebAssembly with SIMD. A start that failed is tried again. Throws a GpuError
 * where it is the one with WebGPU.
 */
export async function startRuntime(engine: Engine, onBytes: OnBytes): Promise<typeof Ort> {
  started ??= start(engine, onBytes);
  return await started.catch((error: unknown) => {
    started = undefined;
    throw error;
  });
}

async function start(engine: Engine, onBytes: OnBytes): Promise<typeof Ort> {
  try {
    return await startBuild(engine, onBytes);
  } catch (error) {
    // A host may lack it: some take no file as large as this.
    if (engine === 'webgpu') throw GpuError.from(error);
    // Without a network, where WebGPU was there on earlier visits and now is not.
    if (await isKept(BUILDS.webgpu.url)) return await startBuild('webgpu', onBytes);
    throw error;
  }
}

async function startBuild(name: Engine, onBytes: OnBytes): Promise<typeof Ort> {
  const { url, bytes, load } = BUILDS[name];
  onBytes(0, bytes);
  const ort = await load();
  ort.env.wasm.wasmBinary = await fetchAndKeep(url, onBytes);
  // More threads need cross-origin isolation, which an embedding page would have to grant; one reads fast enough.
  ort.env.wasm.numThreads = 1;
  return ort;
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}
