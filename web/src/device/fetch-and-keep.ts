/** Files for reading on the device, kept apart from the page's own: they are large and change less often. */
const CACHE = 'device';

/**
 * The bytes at `url`, from this browser's cache where they have been taken before, so that they are there without a
 * network as well. `onBytes` hears how many more have come. An address must change with its content.
 */
export async function fetchAndKeep(url: string, onBytes: (count: number) => void): Promise<ArrayBuffer> {
  const cache = await openCache();
  const kept = await cache?.match(url);
  if (kept !== undefined) {
    const bytes = await kept.arrayBuffer();
    onBytes(bytes.byteLength);
    return bytes;
  }
  const bytes = await receive(await fetch(url), url, onBytes);
  await keep(cache, url, bytes);
  return bytes;
}

/** Whether the bytes at `url` have been taken before. */
export async function isKept(url: string): Promise<boolean> {
  const cache = await openCache();
  return (await cache?.match(url)) !== undefined;
}

/** Caches exist on https and localhost alone; elsewhere the files are taken again each time. */
export async function openCache(): Promise<Cache | undefined> {
  return 'caches' in globalThis ? await caches.open(CACHE).catch(() => undefined) : undefined;
}

async function receive(response: Response, url: string, onBytes: (count: number) => void): Promise<ArrayBuffer> {
  if (!response.ok || response.body === null) {
    throw new Error(`${new URL(url).pathname} could not be loaded (status ${response.status}).`);
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    onBytes(part.value.length);
  }
  return await new Blob(parts).arrayBuffer();
}

/** A full disk must not stop the reading; the file is then taken again next time. Older versions go. */
async function keep(cache: Cache | undefined, url: string, bytes: ArrayBuffer): Promise<void> {
  if (cache === undefined) return;
  for (const { url: other } of await cache.keys()) if (plainPath(other) === plainPath(url)) await cache.delete(other);
  await cache.put(url, new Response(bytes)).catch(() => undefined);
}

/** The path without the hash of the content that the build puts into file names: what versions of a file have in common. */
export function plainPath(url: string): string {
  return new URL(url).pathname.replace(/-[\w-]{8}(?=\.\w+$)/u, '');
}
