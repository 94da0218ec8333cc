import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { isPublicAddress } from './address-rules.ts';
import { fetchImage, type FetchImageOptions } from './fetch-image.ts';
import { ProblemError } from './problem.ts';
import { answerOf, runServer, sampleImage } from '../testing/run-server.ts';

/*
 * Two servers of this machine: one stands for the internet at 127.0.0.2, the other for what is private at 127.0.0.1. Not
 * every system has the first address.
 */
const hasSecondAddress = process.platform === 'linux';
const asked = { inside: 0, outside: [] as string[] };
const inside = await listen('127.0.0.1', (_, response) => {
  asked.inside++;
  response.end('secret');
});
const outside = await listen(hasSecondAddress ? '127.0.0.2' : '127.0.0.1', (request, response) => {
  asked.outside.push(`${request.headers.host}${request.url}`);
  answers[request.url ?? '']?.(request, response);
});
const answers: Readonly<Record<string, RequestListener>> = {
  '/a.png': (_, response) => response.end(sampleImage('digit-2')),
  '/missing': (_, response) => response.writeHead(404).end('secret of this server'),
  '/moved': (_, response) => response.writeHead(302, { location: '/a.png' }).end(),
  '/octal': (_, response) => response.writeHead(308, { location: `//0177.0.0.1:${inside.port}/` }).end(),
  '/inside': (_, response) => response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end(),
  '/metadata': (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/latest/' }).end(),
  '/file': (_, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/large': (_, response) => response.writeHead(200, { 'content-length': 10_000_000 }).write('x'),
  '/endless': (_, response) => void setInterval(() => response.write('x'.repeat(1000)), 1).unref(),
  '/silent': () => {},
  '/broken': (_, response) => response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy()),
};
afterAll(() => [inside, outside].forEach(({ close }) => close()));

async function listen(address: string, answer: RequestListener): Promise<{ port: number; close: () => void }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

const options: FetchImageOptions = {
  maxBytes: 100_000,
  timeoutMs: 2000,
  ports: [outside.port, inside.port],
  resolve: async (host) => ({ 'public.test': ['127.0.0.2'], 'private.test': ['127.0.0.1'] })[host] ?? ['10.0.0.1'],
  isAllowed: (address) => address === '127.0.0.2' || isPublicAddress(address),
};
const at = (path: string): string => `http://public.test:${outside.port}${path}`;

test.skipIf(!hasSecondAddress)('an image is fetched, also where it has moved to', async () => {
  expect(Buffer.from(await fetchImage(at('/a.png'), options))).toEqual(sampleImage('digit-2'));
  expect(Buffer.from(await fetchImage(at('/moved'), options))).toEqual(sampleImage('digit-2'));
  expect(asked.outside.at(-1)).toBe(`public.test:${outside.port}/a.png`);
});

test.skipIf(!hasSecondAddress)('what arrives is told, and what is thrown then ends it', async () => {
  let bytes = 0;
  await fetchImage(at('/a.png'), { ...options, onBytes: (more) => (bytes += more) });
  expect(bytes).toBe(sampleImage('digit-2').length);
  const full = new ProblemError('OVERLOADED', 'There is no room.');
  const onBytes = (): void => {
    throw full;
  };
  await expect(fetchImage(at('/endless'), { ...options, onBytes })).rejects.toBe(full);
});

test.skipIf(!hasSecondAddress).each([
  ['/inside', 'IMAGE_URL_REFUSED', 'not on the public internet'],
  ['/octal', 'IMAGE_URL_REFUSED', 'not on the public internet'],
  ['/metadata', 'IMAGE_URL_REFUSED', 'port'],
  ['/file', 'IMAGE_URL_REFUSED', 'http:// or https://'],
  ['/loop', 'IMAGE_URL_FAILED', 'more than 3 times'],
  ['/missing', 'IMAGE_URL_FAILED', 'status 404'],
  ['/large', 'IMAGE_TOO_LARGE', 'more than 100000 bytes'],
  ['/endless', 'IMAGE_TOO_LARGE', 'more than 100000 bytes'],
  ['/silent', 'IMAGE_URL_FAILED', 'more than 2 s'],
  ['/broken', 'IMAGE_URL_FAILED', 'breaks off'],
])('%s is %s: %s', async (path, code, reason) => {
  const error = await fetchImage(at(path), options).catch((error: unknown) => error);
  expect(error).toMatchObject({ code, message: expect.stringContaining(reason) });
  expect(asked.inside).toBe(0);
});

test.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://0x7f.1/',
  'http://127.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://0/',
  'http://[64:ff9b::127.0.0.1]/',
  'http://[64:ff9b:1::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[::127.0.0.1]/',
  'http://[::]/',
  'http://[fe80::1]/',
  'http://[fe80::1%25eth0]/',
  'http://127.0.0.1./',
  'http://localhost./',
  'http://2852039166/',
  'http://0xA9FEA9FE/',
  'http://[::ffff:a9fe:a9fe]/',
  'http:127.0.0.1',
  'http:///127.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'ht\ntp://127.0.0.1/',
  'http://%31%32%37.0.0.1/',
  'http://127.0.0.1%00.public.test/',
  'http://public.test@127.0.0.1/',
  'http://127.0.0.1\\@public.test/',
  'http://127.0.0.1#@public.test/',
  'http://public.test:99999/',
  'http://169.254.169.254/',
  'http://[fd00:ec2::254]/',
  'http://localhost/',
  'http://private.test/',
  'http://１２７.0.0.1/',
  'http://127。0。0。1/',
  'http://user:pw@public.test/',
  'http://public.test:22/',
  'ftp://public.test/',
  'file:///etc/passwd',
  'data:image/png;base64,AA',
  '//public.test/',
  'x',
])('%s is refused', async (address) => {
  const refused = fetchImage(address, { ...options, ports: [80, 443, inside.port] });
  await expect(refused).rejects.toMatchObject({ code: 'IMAGE_URL_REFUSED' });
  expect(asked.inside).toBe(0);
});

test.skipIf(!hasSecondAddress)('DNS that changes its mind does not lead elsewhere', async () => {
  let calls = 0;
  const resolve = async () => (calls++ === 0 ? ['127.0.0.2'] : ['127.0.0.1']);
  expect(await fetchImage(at('/a.png'), { ...options, resolve })).toHaveLength(sampleImage('digit-2').length);
  expect(calls).toBe(1);
  // At the redirect the name is looked up, and refused, again.
  calls = 0;
  await expect(fetchImage(at('/moved'), { ...options, resolve })).rejects.toMatchObject({ code: 'IMAGE_URL_REFUSED' });
  const mixed = async () => ['127.0.0.2', '127.0.0.1'];
  await expect(fetchImage(at('/a.png'), { ...options, resolve: mixed })).rejects.toMatchObject({
    code: 'IMAGE_URL_REFUSED',
  });
  expect(asked.inside).toBe(0);
});

test('a name that nobody has is answered as one of the inside is', async () => {
  const refusal = async (resolve: () => Promise<readonly string[]>): Promise<unknown> =>
    await fetchImage('http://wiki.corp.test/a.png', { ...options, ports: [80], resolve }).catch(
      (error: unknown) => error,
    );
  const inside = await refusal(async () => ['10.1.2.3']);
  const nobody = await refusal(async () => {
    throw new Error('getaddrinfo ENOTFOUND wiki.corp.test');
  });
  expect(inside).toMatchObject({ code: 'IMAGE_URL_REFUSED' });
  expect(nobody).toEqual(inside);
});

test.skipIf(!hasSecondAddress)('the API reads images at addresses when it may', async () => {
  const server = await runServer({ imageUrl: options });
  const get = (address: string) => fetch(`${server.url}/v1/predict?image_url=${encodeURIComponent(address)}`);
  expect(await (await get(at('/a.png'))).json()).toMatchObject({ pred: '2' });
  const refused = await get(`http://127.0.0.1:${inside.port}/`);
  expect([refused.status, (await answerOf(refused)).code]).toEqual([422, 'IMAGE_URL_REFUSED']);
  const missing = await get(at('/missing'));
  expect(await missing.text()).not.toContain('secret');
  await server.close();
});
