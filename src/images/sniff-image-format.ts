/** The raster formats that this library reads. */
export type ImageFormat = 'PNG' | 'JPEG' | 'WebP' | 'GIF' | 'TIFF' | 'AVIF';

/** What the first bytes of a file say it is: a format that can be read, another one by name, or nothing known. */
export interface SniffedFormat {
  readonly readable: ImageFormat | undefined;
  readonly name: string | undefined;
}

type Signature = readonly [name: string, matches: (head: Uint8Array) => boolean];

const READABLE: readonly (readonly [ImageFormat, (head: Uint8Array) => boolean])[] = [
  ['PNG', (head) => startsWith(head, '\x89PNG\r\n\x1a\n')],
  ['JPEG', (head) => startsWith(head, '\xff\xd8\xff')],
  ['WebP', (head) => startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8)],
  ['GIF', (head) => startsWith(head, 'GIF87a') || startsWith(head, 'GIF89a')],
  ['TIFF', (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => startsWith(head, magic))],
  ['AVIF', (head) => hasBrand(head, ['avif', 'avis'])],
];

const UNREADABLE: readonly Signature[] = [
  ['BMP', (head) => startsWith(head, 'BM')],
  ['HEIC', (head) => hasBrand(head, ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'])],
  ['PDF', (head) => startsWith(head, '%PDF')],
  ['SVG', (head) => /<svg[\s>]/i.test(text(head))],
  ['HTML', (head) => /<!doctype html|<html[\s>]/i.test(text(head))],
  ['XML', (head) => text(head).trimStart().startsWith('<?xml')],
  ['JPEG XL', (head) => startsWith(head, '\xff\x0a') || startsWith(head, '\0\0\0\x0cJXL ')],
  ['JPEG 2000', (head) => startsWith(head, '\0\0\0\x0cjP  ') || startsWith(head, '\xff\x4f\xff\x51')],
  ['Photoshop', (head) => startsWith(head, '8BPS')],
  ['ZIP', (head) => startsWith(head, 'PK\x03\x04')],
  ['gzip', (head) => startsWith(head, '\x1f\x8b')],
  ['base64 text', (head) => startsWith(head, 'data:image/') || startsWith(head, 'iVBORw0KGgo')],
];

/** Tells a file's format by its signature alone, never by its name; 512 bytes are enough. */
export function sniffImageFormat(bytes: Uint8Array): SniffedFormat {
  const head = bytes.subarray(0, 512);
  const readable = READABLE.find(([, matches]) => matches(head))?.[0];
  const name = readable ?? UNREADABLE.find(([, matches]) => matches(head))?.[0];
  return { readable, name };
}

function startsWith(head: Uint8Array, magic: string, offset = 0): boolean {
  if (head.length < offset + magic.length) return false;
  for (let i = 0; i < magic.length; i++) if (head[offset + i] !== magic.charCodeAt(i)) return false;
  return true;
}

/** Whether an ISO base media file names one of `brands` as its major or a compatible brand (ISO/IEC 14496-12, 4.3). */
function hasBrand(head: Uint8Array, brands: readonly string[]): boolean {
  if (!startsWith(head, 'ftyp', 4)) return false;
  const boxEnd = Math.min(head.length, new DataView(head.buffer, head.byteOffset).getUint32(0));
  for (let offset = 8; offset + 4 <= boxEnd; offset += 4) {
    if (offset !== 12 && brands.some((brand) => startsWith(head, brand, offset))) return true;
  }
  return false;
}

/** The head as Latin-1, without the zero bytes of UTF-16 text. */
function text(head: Uint8Array): string {
  return String.fromCharCode(...head).replaceAll('\0', '');
}
