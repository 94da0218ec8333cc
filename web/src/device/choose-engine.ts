import type { Engine } from '../reading/reading.ts';

/** Whether WebGPU may compute: on a graphics processor, on any adapter (a slow one in software, too), or not at all. */
export type GpuUse = 'auto' | 'force' | 'off';

/** Adapters of browsers before 2025 say it themselves; those after it, in their `info`. */
interface OlderAdapter {
  readonly isFallbackAdapter?: boolean;
}

/** What is to compute in this browser. An adapter in software is left: it is far slower than WebAssembly. */
export async function chooseEngine(use: Exclude<GpuUse, 'off'>): Promise<Engine> {
  const adapter = await requestAdapter();
  if (adapter === undefined) return 'wasm';
  return use === 'force' || !isFallback(adapter) ? 'webgpu' : 'wasm';
}

/** Browsers without WebGPU, or on an address that is not secure, have no `gpu`. */
async function requestAdapter(): Promise<GPUAdapter | undefined> {
  const { gpu } = navigator as { readonly gpu?: GPU };
  // The one that ONNX Runtime takes.
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => undefined);
  return adapter ?? undefined;
}

function isFallback(adapter: GPUAdapter): boolean {
  const { isFallbackAdapter } = adapter as OlderAdapter;
  const { info } = adapter as { readonly info?: Partial<GPUAdapterInfo> };
  return info?.isFallbackAdapter ?? isFallbackAdapter ?? false;
}
