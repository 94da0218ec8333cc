import * as ort from 'onnxruntime-node';
import { TextRecognizerError } from '../errors.ts';
import { disableTelemetry } from './disable-telemetry.ts';
import type { Tensor, TensorData } from './tensor.ts';

/** Where graphs run. `webgpu` needs a Vulkan, Metal or Direct3D 12 adapter, `cuda` an ONNX Runtime with CUDA. */
export type Device = 'cpu' | 'webgpu' | 'cuda';
export const devices: readonly Device[] = ['cpu', 'webgpu', 'cuda'];

export interface SessionOptions {
  readonly device?: Device;
  /** Threads for one operator; left out, as many as the variable TEXT_RECOGNIZER_THREADS says, otherwise one per core. */
  readonly threads?: number;
  /** Whether the memory of a run is kept for the next one, which is then a little faster; default true. */
  readonly keepMemory?: boolean;
  /** Writes a profile (Chrome tracing JSON) to files that begin with this path. */
  readonly profilePrefix?: string;
}

/** A graph that is ready to run. `run` occupies this thread until it is done. */
export class Session {
  readonly #session: ort.InferenceSession;
  readonly #inputs: readonly ort.InferenceSession.ValueMetadata[];

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
    this.#inputs = session.inputMetadata;
  }

  /** Loads an ONNX file; throws DEVICE_UNAVAILABLE or MODEL_INVALID. */
  static async load(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
    const { device = 'cpu', threads = threadsOfEnvironment() } = options;
    requireThreads(threads);
    disableTelemetry();
    try {
      return new Session(await ort.InferenceSession.create(model, sessionOptions(device, { ...options, threads })));
    } catch (cause) {
      throw loadError(device, cause);
    }
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** The shapes of the outputs as the file declares them; names stand for sizes known at run time. */
  get outputShapes(): ReadonlyMap<string, readonly (number | string)[]> {
    return new Map(
      this.#session.outputMetadata.flatMap((meta) => (meta.isTensor ? [[meta.name, meta.shape] as const] : [])),
    );
  }

  /** Computes all outputs; throws INVALID_ARGUMENT for inputs that do not fit. Those in `into` are written to the given memory; the others get new memory. */
  async run(
    inputs: Readonly<Record<string, Tensor>>,
    into: Readonly<Record<string, Tensor>> = {},
  ): Promise<Record<string, Tensor>> {
    for (const wanted of this.#inputs) requireFitting(wanted, inputs[wanted.name]);
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const name of this.#session.outputNames) fetches[name] = name in into ? toOrt(into[name]) : null;
    const results = await this.#session.run(mapValues(inputs, toOrt), fetches);
    return mapValues(results, ({ data, dims }, name) => into[name] ?? { data: data as TensorData, shape: dims });
  }

  /** Frees the native memory; the session cannot run any more. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

const elementTypes = new Map<Function, ort.Tensor.Type>([
  [Float32Array, 'float32'],
  [Uint8Array, 'uint8'],
  [Int32Array, 'int32'],
  [BigInt64Array, 'int64'],
]);

function toOrt({ data, shape }: Tensor): ort.Tensor {
  const type = elementTypes.get(data.constructor)!;
  return new ort.Tensor(type, data as ort.Tensor.DataType, shape);
}

function requireFitting(wanted: ort.InferenceSession.ValueMetadata, given: Tensor | undefined): void {
  if (!wanted.isTensor) return;
  const { name, type, shape } = wanted;
  const givenType = given && elementTypes.get(given.data.constructor);
  const isFull = given?.shape.reduce((product, size) => product * size, 1) === given?.data.length;
  const isLike =
    given?.shape.length === shape.length && shape.every((size, i) => isAny(size) || size === given.shape[i]);
  if (givenType === type && isFull && isLike) return;
  const got = given ? `${given.data.length} × ${givenType} as [${given.shape.join(', ')}]` : 'nothing';
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The graph's input '${name}' takes ${type} [${shape.join(', ')}], got ${got}.`,
  );
}

/** A name stands for a size that is known at run time. */
const isAny = (size: number | string): boolean => typeof size === 'string';

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function sessionOptions(
  device: Device,
  { threads, keepMemory = true, profilePrefix }: SessionOptions,
): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    enableCpuMemArena: keepMemory,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
  };
}

function threadsOfEnvironment(): number | undefined {
  const text = process.env.TEXT_RECOGNIZER_THREADS?.trim();
  return text ? Number(text) : undefined;
}

function requireThreads(threads: number | undefined): void {
  if (threads === undefined || (Number.isInteger(threads) && threads >= 1 && threads <= 1024)) return;
  throw new TextRecognizerError('INVALID_ARGUMENT', `threads must be a whole number from 1 to 1024, got ${threads}.`);
}

const needs: Readonly<Record<Device, string>> = {
  cpu: '',
  webgpu: 'It needs a graphics adapter with a driver for Vulkan, Metal or Direct3D 12; on Linux, libvulkan too.',
  cuda: "It needs an NVIDIA GPU and onnxruntime-node's CUDA libraries.",
};

function loadError(device: Device, cause: unknown): TextRecognizerError {
  const message = cause instanceof Error ? cause.message : String(cause);
  // ONNX Runtime's own checks begin with the place in its sources.
  const reason = message.replace(/^\/.* was false\. /s, '').trim();
  const isDeviceProblem = device !== 'cpu' && /provider|backend|adapter|device|webgpu|cuda|vulkan|dawn/i.test(reason);
  if (isDeviceProblem) {
    return new TextRecognizerError(
      'DEVICE_UNAVAILABLE',
      `The device '${device}' cannot be used here (${reason}). ${needs[device]} Or use --device cpu.`,
      { cause },
    );
  }
  return new TextRecognizerError('MODEL_INVALID', `ONNX Runtime cannot load the graph: ${reason}`, { cause });
}
