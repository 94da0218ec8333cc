import { lookup } from 'node:dns/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { isIP } from 'node:net';
import { formatBytes } from '../../images/image-limits.ts';
import { isPublicAddress, isPublicName } from './address-rules.ts';
import { ProblemError } from './problem.ts';

export interface FetchImageOptions {
  /** Most bytes; default 16 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds for all of it, redirects included; default 5,000. */
  readonly timeoutMs?: number;
  /** Default 3. */
  readonly maxRedirects?: number;
  /** Ports that may be asked; default 80 and 443. */
  readonly ports?: readonly number[];
  /** All addresses of a host name; default the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Which addresses may be connected to; default those of the public internet. */
  readonly isAllowed?: (address: string) => boolean;
  /** Told of the bytes of each part that arrives; what it throws ends the fetching. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

type Settings = Required<Omit<FetchImageOptions, 'signal'>> & { readonly signal: AbortSignal };

/**
 * Fetches an image from an address that a stranger gave. Each host, also of a redirect, is resolved once; unless all its
 * addresses are public it is refused, and the connection goes to the address that was checked, whatever DNS says next.
 * Throws IMAGE_URL_REFUSED, IMAGE_URL_FAILED or IMAGE_TOO_LARGE.
 */
export async function fetchImage(address: string, options: FetchImageOptions = {}): Promise<Uint8Array> {
  const { timeoutMs = 5000, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const settings: Settings = {
    maxBytes: 16 * 2 ** 20,
    maxRedirects: 3,
    ports: [80, 443],
    resolve: resolveAll,
    isAllowed: isPublicAddress,
    onBytes: () => {},
    ...options,
    timeoutMs,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  };
  try {
    return await follow(parseAddress(address), settings);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if (timeout.aborted) throw failed(`it took more than ${timeoutMs / 1000} s`, error);
    throw failed('its server cannot be reached or breaks off', error);
  }
}

async function follow(first: URL, settings: Settings): Promise<Uint8Array> {
  let url = first;
  for (let redirects = 0; redirects <= settings.maxRedirects; redirects++) {
    const pinned = await checkedAddress(url, settings);
    const response = await request(url, pinned, settings.signal);
    try {
      const { statusCode = 0, headers } = response;
      const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined;
      if (!isRedirect) return await receive(response, settings);
      url = parseAddress(headers.location!, url);
    } finally {
      response.destroy();
    }
  }
  throw failed(`it redirects more than ${settings.maxRedirects} times`);
}

/** WHATWG parsing turns decimal, octal and hexadecimal IPv4 into dotted numbers, as a browser would. */
function parseAddress(address: string, base?: URL): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (url === undefined) throw refuse('it is not a complete address, such as https://example.org/a.png');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('it must begin with http:// or https://');
  if (url.username !== '' || url.password !== '') throw refuse('it must not hold a user name or password');
  return url;
}

/** One address of the host that may be connected to. */
async function checkedAddress(url: URL, { ports, resolve, isAllowed, signal }: Settings): Promise<string> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!ports.includes(port)) throw refuse(`only port${ports.length > 1 ? 's' : ''} ${ports.join(', ')} may be asked`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) ? [host] : await addressesOf(host, resolve, signal);
  if (addresses.length > 0 && addresses.every((one) => isAllowed(one))) return addresses[0];
  throw refuse('its host is not on the public internet');
}

/** A name of the inside is not asked for: a resolver there would know it. */
async function addressesOf(
  host: string,
  resolve: Settings['resolve'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  return isPublicName(host) ? await beforeAbort(resolve(host), signal).catch(noneUnless(signal)) : [];
}

/** A name that nobody has is answered as one of the inside is: which of the two it was tells strangers what there is. */
function noneUnless(signal: AbortSignal): () => readonly string[] {
  return () => {
    signal.throwIfAborted();
    return [];
  };
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** DNS itself cannot be cancelled. */
async function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return await new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Connects to `pinned`, with the host's name in the request and the TLS handshake; a connection serves one request. */
function request(url: URL, pinned: string, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  const address = { address: pinned, family: isIP(pinned) };
  const headers = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'text-recognizer' };
  return new Promise((resolve, reject) => {
    get(
      url,
      {
        agent: false,
        signal,
        headers,
        maxHeaderSize: 16_384,
        lookup: (_, { all }, done) => (all ? done(null, [address]) : done(null, address.address, address.family)),
      },
      resolve,
    ).on('error', reject);
  });
}

async function receive(response: IncomingMessage, { maxBytes, onBytes }: Settings): Promise<Uint8Array> {
  const { statusCode, headers } = response;
  if (statusCode !== 200) throw failed(`its server answers with status ${statusCode}`);
  if (Number(headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    onBytes(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refuse(reason: string): ProblemError {
  return new ProblemError('IMAGE_URL_REFUSED', `The address in image_url is refused: ${reason}.`);
}

function failed(reason: string, cause?: unknown): ProblemError {
  return new ProblemError('IMAGE_URL_FAILED', `The image cannot be fetched: ${reason}.`, { cause });
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError('IMAGE_TOO_LARGE', `The image at that address has more than ${formatBytes(maxBytes)}.`);
}
