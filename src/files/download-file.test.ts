import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downloadFile, type DownloadProgress } from './download-file.ts';

/** 300,000 bytes that no two places have alike. */
const CONTENT = Buffer.from(Uint32Array.from({ length: 75_000 }, (_, i) => Math.imul(i + 1, 0x9e3779b1)).buffer);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const FAST = { retrySeconds: 0.001, stallSeconds: 0.3 };

type Handler = (request: IncomingMessage, response: ServerResponse, from: number) => void;

let folder = '';
let server: Server;
let handler: Handler;
/** First byte of each request that came, 0 without a range. */
let requests: number[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
  requests = [];
  handler = serveRange;
  server = createServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    requests.push(from);
    handler(request, response, from);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function serveRange(_: IncomingMessage, response: ServerResponse, from: number): void {
  const headers = { 'content-length': CONTENT.length - from };
  if (from === 0) response.writeHead(200, headers);
  else
    response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` });
  response.end(CONTENT.subarray(from));
}

/** Sends `bytes` of what was asked, then breaks the connection. */
function cutAfter(bytes: number): Handler {
  return (_, response, from) => {
    const range = { 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` };
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': CONTENT.length - from, ...(from > 0 ? range : {}) });
    response.write(CONTENT.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 20));
  };
}

function remote(changes: object = {}) {
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/gzip.zip`, bytes: CONTENT.length, sha256: SHA256, ...changes };
}

/** Comparing whole buffers with `toEqual` takes seconds. */
async function isContent(path: string): Promise<boolean> {
  return CONTENT.equals(await readFile(path));
}

test('downloads, verifies, and tells how far it is', async () => {
  const path = join(folder, 'deep', 'er', 'gzip.zip');
  const told: DownloadProgress[] = [];
  await downloadFile(remote(), path, { onProgress: (progress) => told.push(progress) });
  expect(await isContent(path)).toBe(true);
  expect(await readdir(join(folder, 'deep', 'er'))).toEqual(['gzip.zip']);
  expect(told.at(-1)).toMatchObject({ bytes: 300_000, totalBytes: 300_000, secondsLeft: 0 });
  expect(told.at(-1)!.bytesPerSecond).toBeGreaterThan(0);
});

test('follows redirects', async () => {
  handler = (request, response, from) => {
    if (request.url !== '/gzip.zip') return serveRange(request, response, from);
    response.writeHead(302, { location: '/elsewhere' }).end();
  };
  await downloadFile(remote(), join(folder, 'x'));
  expect(await isContent(join(folder, 'x'))).toBe(true);
});

test('continues after cut connections, from the byte where they were cut', async () => {
  handler = (request, response, from) => (from < 200_000 ? cutAfter(100_000) : serveRange)(request, response, from);
  await downloadFile(remote(), join(folder, 'x'), { ...FAST, stallSeconds: 60, retries: 1 });
  expect(requests).toEqual([0, 100_000, 200_000]);
  expect(await isContent(join(folder, 'x'))).toBe(true);
});

test('resumes where an earlier call stopped', async () => {
  const path = join(folder, 'x');
  handler = cutAfter(120_000);
  await expect(downloadFile(remote(), path, { ...FAST, retries: 0 })).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
  });
  expect((await stat(`${path}.part`)).size).toBe(120_000);
  handler = serveRange;
  const told: number[] = [];
  await downloadFile(remote(), path, { onProgress: ({ bytes }) => told.push(bytes) });
  expect(requests).toEqual([0, 120_000]);
  expect(told.at(-1)).toBe(300_000);
  expect(await isContent(path)).toBe(true);
});

test('starts again where the server knows no ranges, or sends another one', async () => {
  const path = join(folder, 'x');
  await writeFile(`${path}.part`, CONTENT.subarray(0, 1000));
  handler = (request, response) => serveRange(request, response, 0);
  await downloadFile(remote(), path);
  expect(await isContent(path)).toBe(true);

  const other = join(folder, 'y');
  await writeFile(`${other}.part`, CONTENT.subarray(0, 1000));
  handler = (request, response, from) => serveRange(request, response, from === 0 ? 0 : from + 1);
  await downloadFile(remote(), other, FAST);
  expect(await isContent(other)).toBe(true);
});

test('a part that is longer than the whole, or wrong, does no harm', async () => {
  const path = join(folder, 'x');
  await writeFile(`${path}.part`, Buffer.concat([CONTENT, CONTENT]));
  await downloadFile(remote(), path);
  expect(await isContent(path)).toBe(true);

  const other = join(folder, 'y');
  await writeFile(`${other}.part`, 'not the beginning of it');
  await expect(downloadFile(remote(), other)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  expect(await readdir(folder)).toEqual(['x']);
  await downloadFile(remote(), other);
});

test('a wrong hash leaves no file, and says both hashes', async () => {
  const wrong = '0'.repeat(64);
  await expect(downloadFile(remote({ sha256: wrong }), join(folder, 'x'))).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
    message: expect.stringMatching(new RegExp(`sha256 ${SHA256}.* should have ${wrong}`)),
  });
  expect(await readdir(folder)).toEqual([]);
});

test('an md5 serves where no sha256 is known', async () => {
  const md5 = createHash('md5').update(CONTENT).digest('hex');
  await downloadFile(remote({ sha256: undefined, md5 }), join(folder, 'x'));
  await expect(downloadFile(remote({ sha256: undefined, md5: '0' }), join(folder, 'y'))).rejects.toThrow(
    `the md5 ${md5}`,
  );
});

test('a file that is there is verified, not fetched', async () => {
  const path = join(folder, 'x');
  await writeFile(path, CONTENT);
  await downloadFile(remote(), path);
  expect(requests).toEqual([]);
  await writeFile(path, 'mine');
  await expect(downloadFile(remote(), path)).rejects.toThrow(`Delete ${path} and download it again`);
  expect(await readFile(path, 'utf8')).toBe('mine');
});

test('a missing file fails at once', async () => {
  handler = (_, response) => response.writeHead(404).end();
  await expect(downloadFile(remote(), join(folder, 'x'))).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('answers 404 Not Found'),
  });
  expect(requests).toEqual([0]);
});

test('a busy server is asked again', async () => {
  handler = (request, response, from) => {
    if (requests.length > 2) serveRange(request, response, from);
    else response.writeHead(503).end();
  };
  await downloadFile(remote(), join(folder, 'x'), FAST);
  expect(requests).toEqual([0, 0, 0]);
});

test('another file under the same address is refused before it is fetched', async () => {
  handler = (_, response) => response.end('<html>Welcome to our new site</html>');
  await expect(downloadFile(remote(), join(folder, 'x'))).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('now has 36 bytes instead of 300000'),
  });
});

test('a server that says no length cannot fill the disk', async () => {
  handler = (_, response) => {
    response.writeHead(200);
    response.write(CONTENT);
    response.end(CONTENT);
  };
  await expect(downloadFile(remote(), join(folder, 'x'))).rejects.toThrow('sends more than the 300000 bytes');
});

test('a server that falls silent is given up', async () => {
  handler = (_, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 10));
  };
  await expect(downloadFile(remote(), join(folder, 'x'), { ...FAST, retries: 0 })).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('no byte came for 0.3 s'),
  });
});

test('a slow server is not', async () => {
  handler = (_, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(CONTENT.subarray(sent, (sent += 60_000)));
      if (sent === CONTENT.length) clearInterval(timer);
    }, 100);
  };
  await downloadFile(remote(), join(folder, 'x'), { ...FAST, retries: 0 });
  expect(await isContent(join(folder, 'x'))).toBe(true);
});

test('no network: says why, and how to continue without', async () => {
  const path = join(folder, 'x');
  const nowhere = remote();
  await new Promise((resolve) => server.close(resolve));
  await expect(downloadFile(nowhere, path, { ...FAST, retries: 1 })).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringMatching(/ECONNREFUSED.*put it at .*x\.$/),
  });
  server.listen(0);
});

test('can be stopped, and started again', async () => {
  const path = join(folder, 'x');
  const stop = new AbortController();
  handler = (_, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 50_000));
  };
  const download = downloadFile(remote(), path, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(download).rejects.toThrow(/was stopped at \d+ of 300000 bytes. Start it again/);
  handler = serveRange;
  await downloadFile(remote(), path);
  expect(await isContent(path)).toBe(true);
});

test.skipIf(process.platform !== 'linux')('a full disk is reported as such', async () => {
  const { receiveBytes } = await import('./receive-bytes.ts');
  await expect(receiveBytes(remote(), '/dev/full', 0, { onBytes: () => undefined })).rejects.toMatchObject({
    code: 'DISK_FULL',
  });
});
