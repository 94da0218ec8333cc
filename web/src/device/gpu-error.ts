/** WebGPU failed, so that the same may succeed without it. */
export class GpuError extends Error {
  override readonly name = 'GpuError';

  /** Wraps what was thrown by a step that WebGPU takes. */
  static from(error: unknown): GpuError {
    return new GpuError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
