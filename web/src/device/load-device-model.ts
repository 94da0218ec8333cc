import { defaultDecoder } from '../../../src/models/default-decoder.ts';
import { defaultPageModel } from '../../../src/models/default-models.ts';
import type { PageModelManifest, ReaderManifest } from '../../../src/models/model-manifest.ts';
import type { PageFinder } from '../../../src/reading/find-lines.ts';
import type { Engine } from '../reading/reading.ts';
import { createSession, type GpuWatch } from './create-session.ts';
import { type DeviceModel, deviceModel } from './device-model.ts';
import { fetchManifest, fetchWeights } from './fetch-model.ts';
import { loadLanguageModel } from './load-language-model.ts';
import { type OnBytes, startRuntime } from './start-runtime.ts';

/** Told often: how many of how many bytes are here. */
export type OnProgress = (loaded: number, total: number) => void;

export interface WantedModel {
  readonly name: string;
  /** The address of the page. */
  readonly base: string;
  readonly engine: Engine;
}

/** Loads runtime and models, from `base`'s folder `models/` or from what an earlier visit has kept. */
export async function loadDeviceModel(
  { name, base, engine }: WantedModel,
  onProgress: OnProgress,
  watch: GpuWatch,
): Promise<DeviceModel> {
  const folders = [name, defaultPageModel].map((each) => new URL(`models/${each}/`, base));
  const manifests = await Promise.all(folders.map(fetchManifest));
  const [manifest, pageManifest] = manifests as [ReaderManifest, PageModelManifest];
  const progress = addUp(onProgress);
  const [ort, onnx, pageOnnx, languageModel] = await Promise.all([
    startRuntime(engine, progress.part()),
    fetchWeights(folders[0], manifest, progress.part(manifest.file.bytes)),
    fetchWeights(folders[1], pageManifest, progress.part(pageManifest.file.bytes)),
    hasLanguageModel(manifest) ? loadLanguageModel(progress.part()) : undefined,
  ]);
  const session = await createSession(ort, onnx, engine, watch);
  let finder: Promise<PageFinder> | undefined;
  // It runs once for most pictures and for many not at all, so that WebAssembly does for it beside WebGPU, too.
  const openFinder = async () => ({
    manifest: pageManifest,
    session: await createSession(ort, pageOnnx, 'wasm', watch),
  });
  return deviceModel(manifest, session, { finder: () => (finder ??= openFinder()), languageModel });
}

function hasLanguageModel(manifest: ReaderManifest): boolean {
  return manifest.kind === 'line' && defaultDecoder(manifest) === 'lm';
}

/** Sums what several downloads tell. */
function addUp(onProgress: OnProgress) {
  let loaded = 0;
  let total = 0;
  return {
    part(bytes = 0): OnBytes {
      total += bytes;
      return (count, more = 0) => {
        loaded += count;
        total += more;
        onProgress(Math.min(loaded, total), total);
      };
    },
  };
}
