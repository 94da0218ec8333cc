import type { Shell } from './shell.ts';

/*
 * Keeps the page for use without a network. The page's files are taken together, under one version, when it is first
 * visited; models and the runtime are kept by the reader on the device (see fetch-and-keep.ts); requests to the API
 * are not touched.
 */
declare const self: ServiceWorkerGlobalScope & { readonly shell: Shell };

const PREFIX = 'page-';
const CACHE = PREFIX + self.shell.version;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(replaceOlder());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  if (!isOfShell(request)) return;
  event.respondWith(fromCache(request));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(self.shell.files.map((file) => new Request(file, { cache: 'no-cache' })));
  await self.skipWaiting();
}

async function replaceOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

function isOfShell(request: Request): boolean {
  const path = new URL(request.url).pathname;
  return self.shell.files.some((file) => new URL(file, self.registration.scope).pathname === path);
}

async function fromCache(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? (await fetch(request));
}
