export type TensorData = Float32Array | Uint8Array | Int32Array | BigInt64Array;

/** Data with its shape, row-major; the type follows from the array. */
export interface Tensor {
  readonly data: TensorData;
  readonly shape: readonly number[];
}

/** A graph that is ready to run, on Node or in a browser. */
export interface GraphRunner {
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}
