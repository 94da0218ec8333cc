import type * as Ort from 'onnxruntime-web/wasm';
import type { GraphRunner, Tensor, TensorData } from '../../../src/runtime/tensor.ts';
import type { Engine } from '../reading/reading.ts';
import { GpuError } from './gpu-error.ts';

/** Hears of what WebGPU does. */
export interface GpuWatch {
  /** It begins with something that may take long, or never end; or it is done with that. */
  onBusy(isBusy: boolean): void;
  /** It computes nothing more: a driver was reset, say, or a graphics card unplugged. */
  onLost(): void;
}

/** A session for a network, computed by `engine`. Throws a GpuError where WebGPU fails. */
export async function createSession(
  ort: typeof Ort,
  onnx: ArrayBuffer,
  engine: Engine,
  watch: GpuWatch,
): Promise<GraphRunner> {
  if (engine === 'wasm') return await open(ort, onnx, engine);
  const session = await withGpu(watch, async () => {
    const opened = await open(ort, onnx, engine);
    void (await ort.env.webgpu.device).lost.then(() => watch.onLost());
    return opened;
  });
  return { run: (inputs) => withGpu(watch, () => session.run(inputs)) };
}

/** Takes a step that WebGPU may fail at. */
export async function withGpu<T>(watch: GpuWatch, step: () => Promise<T>): Promise<T> {
  watch.onBusy(true);
  try {
    return await step();
  } catch (error) {
    throw GpuError.from(error);
  } finally {
    watch.onBusy(false);
  }
}

async function open(ort: typeof Ort, onnx: ArrayBuffer, engine: Engine): Promise<GraphRunner> {
  // Errors only: it warns of shapes that it leaves to the processor, as it should.
  const session = await ort.InferenceSession.create(onnx, { executionProviders: [engine], logSeverityLevel: 3 });
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
