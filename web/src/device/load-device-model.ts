import { jsonDigest } from '../../../src/files/json-digest.ts';
import type { ReaderManifest } from '../../../src/models/model-manifest.ts';
import { defaultDecoder } from '../../../src/models/default-decoder.ts';
import type { Engine } from '../reading/reading.ts';
import { createSession, type GpuWatch } from './create-session.ts';
import { type DeviceModel, deviceModel } from './device-model.ts';
import { fetchAndKeep, openCache } from './fetch-and-keep.ts';
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

/** Loads runtime and model, from `base`'s folder `models/` or from what an earlier visit has kept. */
export async function loadDeviceModel(
  { name, base, engine }: WantedModel,
  onProgress: OnProgress,
  watch: GpuWatch,
): Promise<DeviceModel> {
  const manifest = await fetchManifest(new URL(`models/${name}/model.json`, base));
  const progress = addUp(onProgress);
  const { file } = manifest;
  const url = new URL(`models/${name}/${file.name}?sha256=${file.sha256}`, base).href;
  const [ort, onnx, languageModel] = await Promise.all([
    startRuntime(engine, progress.part()),
    fetchAndKeep(url, progress.part(file.bytes)),
    hasLanguageModel(manifest) ? loadLanguageModel(progress.part()) : undefined,
  ]);
  await checkSha256(onnx, file.sha256, name);
  return deviceModel(manifest, await createSession(ort, onnx, engine, watch), languageModel);
}

function hasLanguageModel(manifest: ReaderManifest): boolean {
  return manifest.kind === 'line' && defaultDecoder(manifest) === 'lm';
}

/** The description as it is now, or, without a network, as it was kept. */
async function fetchManifest(url: URL): Promise<ReaderManifest> {
  const cache = await openCache();
  const fresh = await fetch(url, { cache: 'no-cache' }).catch(() => undefined);
  if (fresh?.ok) await cache?.put(url, fresh.clone()).catch(() => undefined);
  const response = fresh?.ok ? fresh : await cache?.match(url);
  if (response === undefined) {
    throw new Error(
      'The model is not on this device yet, and the site cannot be reached. Try again when you are online.',
    );
  }
  const manifest = (await response.json()) as ReaderManifest;
  if (canHash && (await jsonDigest(manifest)) !== manifest.digest)
    throw new Error(`The description of “${manifest.name}” arrived damaged. Reload the page.`);
  return manifest;
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

/** Browsers hash on https and localhost only; elsewhere the transport is not to be trusted anyway. */
const canHash = 'subtle' in crypto;

async function checkSha256(bytes: ArrayBuffer, wanted: string, name: string): Promise<void> {
  if (!canHash) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found === wanted) return;
  throw new Error(`The weights of “${name}” arrived damaged (sha256 ${found.slice(0, 8)}…). Reload the page.`);
}
