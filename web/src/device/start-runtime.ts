import type * as Ort from 'onnxruntime-web/wasm';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { GraphRunner, Tensor, TensorData } from '../../../src/runtime/tensor.ts';
import { fetchAndKeep } from './fetch-and-keep.ts';

/** Size of the WebAssembly, which the build knows. */
declare const WASM_BYTES: number;

/** Hears of bytes that have come, and, before, how many there will be. */
export type OnBytes = (count: number, total?: number) => void;

/** ONNX Runtime, ready for models. */
export interface Runtime {
  createSession(onnx: ArrayBuffer): Promise<GraphRunner>;
}

let started: Promise<typeof Ort> | undefined;

/** Starts ONNX Runtime, from this site: WebAssembly with SIMD. A start that failed is tried again. */
export async function startRuntime(onBytes: OnBytes): Promise<Runtime> {
  started ??= startOrt(onBytes);
  const ort = await started.catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return { createSession: (onnx) => createSession(ort, onnx) };
}

async function startOrt(onBytes: OnBytes): Promise<typeof Ort> {
  onBytes(0, WASM_BYTES);
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmBinary = await fetchAndKeep(new URL(wasmUrl, import.meta.url).href, onBytes);
  // More threads need cross-origin isolation, which an embedding page would have to grant; one reads fast enough.
  ort.env.wasm.numThreads = 1;
  return ort;
}

async function createSession(ort: typeof Ort, onnx: ArrayBuffer): Promise<GraphRunner> {
  const session = await ort.InferenceSession.create(onnx, { executionProviders: ['wasm'] });
  return {
    async run(inputs) {
      const tensors = Object.entries(inputs).map(([name, { data, shape }]) => {
        // Networks here take pictures, and pictures are bytes.
        return [name, new ort.Tensor('uint8', data as Uint8Array, shape)] as const;
      });
      const outputs = Object.entries(await session.run(Object.fromEntries(tensors)));
      return Object.fromEntries(outputs.map(([name, tensor]) => [name, toTensor(tensor)]));
    },
  };
}

function toTensor({ data, dims }: Ort.Tensor): Tensor {
  return { data: data as TensorData, shape: dims };
}
