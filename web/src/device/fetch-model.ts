import { jsonDigest } from '../../../src/files/json-digest.ts';
import type { ModelManifest } from '../../../src/models/model-manifest.ts';
import { fetchAndKeep, openCache } from './fetch-and-keep.ts';
import type { OnBytes } from './start-runtime.ts';

/** The description in a model's folder as it is now, or, without a network, as it was kept. */
export async function fetchManifest(folder: URL): Promise<ModelManifest> {
  const url = new URL('model.json', folder);
  const cache = await openCache();
  const fresh = await fetch(url, { cache: 'no-cache' }).catch(() => undefined);
  if (fresh?.ok) await cache?.put(url, fresh.clone()).catch(() => undefined);
  const response = fresh?.ok ? fresh : await cache?.match(url);
  if (response === undefined) {
    throw new Error(
      'The model is not on this device yet, and the site cannot be reached. Try again when you are online.',
    );
  }
  const manifest = (await response.json()) as ModelManifest;
  if (canHash && (await jsonDigest(manifest)) !== manifest.digest)
    throw new Error(`The description of “${manifest.name}” arrived damaged. Reload the page.`);
  return manifest;
}

/** The weights in a model's folder, as its description says, from the network or as they were kept. */
export async function fetchWeights(
  folder: URL,
  { name, file }: Pick<ModelManifest, 'name' | 'file'>,
  onBytes: OnBytes,
): Promise<ArrayBuffer> {
  const bytes = await fetchAndKeep(new URL(`${file.name}?sha256=${file.sha256}`, folder).href, onBytes);
  await checkSha256(bytes, file.sha256, name);
  return bytes;
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
