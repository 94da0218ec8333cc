/** What a graph is lowered for. The same network lowers differently where a device's operators differ. */
export interface Target {
  readonly device: 'cpu' | 'webgpu' | 'cuda';
  /**
   * Channels per block of the CPU provider's blocked layout (NCHWc): 16 with AVX-512, 8 with AVX2, 0 to do without.
   * Only training graphs use it by hand; for weights stored in the graph, ONNX Runtime applies it itself when it loads.
   */
  readonly channelBlock: 0 | 8 | 16;
}

/** Plain ONNX operators only: what is written to model files. */
export const portableTarget: Target = { device: 'webgpu', channelBlock: 0 };
