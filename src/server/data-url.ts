import { ProblemError } from './problem.ts';

/** The bytes of a `data:…;base64,…` address (RFC 2397); throws INVALID_REQUEST. */
export function bytesOfDataUrl(url: string): Uint8Array {
  const comma = url.indexOf(',');
  const head = url.slice(0, Math.max(0, comma)).trim().toLowerCase();
  if (!head.startsWith('data:') || !head.endsWith(';base64')) {
    const got = url.length > 40 ? `${url.slice(0, 40)}…` : url;
    throw new ProblemError(
      'INVALID_REQUEST',
      `An image in JSON is a data URL such as "data:image/png;base64,iVBORw0…"; got ${JSON.stringify(got)}.`,
    );
  }
  const base64 = url.slice(comma + 1).replace(/[\s=]+/g, '');
  const bytes = Buffer.from(base64, 'base64');
  // Buffer skips what is not base64, and so comes out shorter.
  if (bytes.length === Math.floor((base64.length * 3) / 4) && base64.length % 4 !== 1) return bytes;
  throw new ProblemError('INVALID_REQUEST', 'The data URL holds characters that are not base64, or is cut short.');
}
