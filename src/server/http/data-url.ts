import { ProblemError } from './problem.ts';

/** The bytes of a `data:…;base64,…` address (RFC 2397), in memory of their own; throws INVALID_REQUEST. */
export function bytesOfDataUrl(url: string): Uint8Array<ArrayBuffer> {
  const comma = url.indexOf(',');
  const head = url.slice(0, Math.max(0, comma)).trim().toLowerCase();
  if (!head.startsWith('data:') || !head.endsWith(';base64')) {
    const got = url.length > 40 ? `${url.slice(0, 40)}…` : url;
    throw new ProblemError(
      'INVALID_REQUEST',
      `An image in JSON is a data URL such as "data:image/png;base64,iVBORw0…"; got ${JSON.stringify(got)}.`,
    );
  }
  const base64 = url.slice(comma + 1);
  const bytes = decoded(base64) ?? decoded(base64.replace(/[\s=]+/g, ''));
  if (bytes !== undefined) return bytes;
  throw new ProblemError('INVALID_REQUEST', 'The data URL holds characters that are not base64, or is cut short.');
}

/** The bytes of base64 without white space or padding, in memory of their own; `undefined` if it is something else. */
function decoded(base64: string): Uint8Array<ArrayBuffer> | undefined {
  if (base64.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((base64.length * 3) / 4));
  // Buffer skips what is not base64, and so writes less.
  return Buffer.from(bytes.buffer).write(base64, 'base64') === bytes.length ? bytes : undefined;
}
