import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { TextRecognizerError } from '../../errors.ts';

/** An idx array of unsigned bytes: `data` is row-major over `dims`. */
export interface IdxArray {
  readonly dims: readonly number[];
  readonly data: Uint8Array<SharedArrayBuffer>;
}

/** Where idx bytes come from, and what is known of them beforehand. */
export interface IdxStreamOptions {
  /** Named in errors. */
  readonly name: string;
  /** Dimensions that the array must have: 1 for labels, 3 for images. */
  readonly rank: number;
  /** Most bytes that can follow; a header that promises more is refused before any memory is taken. */
  readonly maxBytes?: number;
}

const UNSIGNED_BYTE = 0x08;
const GZIP_MAGIC = Buffer.of(0x1f, 0x8b);

/** No deflate stream expands by more than this (https://zlib.net/zlib_tech.html: 1032:1). */
const MAX_DEFLATE_RATIO = 1032;

/** Encodes `dims` and `data` as idx with unsigned bytes (http://yann.lecun.com/exdb/mnist/). */
export function encodeIdx(dims: readonly number[], data: Uint8Array): Buffer {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (dims.length < 1 || dims.length > 255 || size !== data.length) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `An idx array of [${dims.join(', ')}] holds ${size} bytes; ${data.length} were given.`,
    );
  }
  const header = Buffer.alloc(4 + 4 * dims.length);
  header.set([0, 0, UNSIGNED_BYTE, dims.length]);
  dims.forEach((dim, index) => header.writeUInt32BE(dim, 4 + 4 * index));
  return Buffer.concat([header, data]);
}

/** Encodes as `encodeIdx` does, compressed with gzip; the same bytes for the same input. */
export function encodeIdxGzip(dims: readonly number[], data: Uint8Array): Buffer {
  return gzipSync(encodeIdx(dims, data), { level: 9 });
}

/** Reads an idx file, plain or gzip (told by its first bytes); throws `FILE_NOT_FOUND` or `FILE_CORRUPT`. */
export async function readIdxFile(path: string, rank: number): Promise<IdxArray> {
  const file = await openForReading(path);
  try {
    const { size } = await file.stat();
    const start = Buffer.alloc(2);
    await file.read(start, 0, 2, 0);
    const bytes = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 });
    const options = { name: path, rank, maxBytes: size };
    return await (start.equals(GZIP_MAGIC) ? readIdxGzip(bytes, options) : readIdxStream(bytes, options));
  } catch (error) {
    if (error instanceof TextRecognizerError) throw error;
    throw corrupt(path, (error as Error).message, error);
  } finally {
    await file.close();
  }
}

/** Reads idx from gzip bytes, as `readIdxStream` does; here `maxBytes` counts compressed bytes. */
export async function readIdxGzip(bytes: Readable, options: IdxStreamOptions): Promise<IdxArray> {
  const { name, maxBytes = Infinity } = options;
  const unzipped = bytes.pipe(createGunzip({ chunkSize: 1 << 18 }));
  bytes.once('error', (error) => unzipped.destroy(error));
  try {
    return await readIdxStream(unzipped, { ...options, maxBytes: maxBytes * MAX_DEFLATE_RATIO });
  } catch (error) {
    if (error instanceof TextRecognizerError) throw error;
    throw corrupt(name, `its gzip stream is broken (${(error as Error).message})`, error);
  } finally {
    bytes.destroy();
  }
}

/** Reads idx from a stream of plain bytes into shared memory that the header, once checked, makes just large enough. */
export async function readIdxStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: IdxStreamOptions,
): Promise<IdxArray> {
  const { name, rank } = options;
  const header = new Uint8Array(4 + 4 * rank);
  let headerBytes = 0;
  let dims: number[] = [];
  let data: Uint8Array<SharedArrayBuffer> | undefined;
  let dataBytes = 0;

  for await (const chunk of chunks) {
    const part = chunk.subarray(0, header.length - headerBytes);
    header.set(part, headerBytes);
    headerBytes += part.length;
    if (headerBytes < header.length) continue;

    if (data === undefined) {
      dims = parseHeader(header, options);
      data = allocate(dims, options);
    }
    const rest = chunk.subarray(part.length);
    if (dataBytes + rest.length > data.length) {
      throw corrupt(name, `more data follow the ${data.length} bytes that its header [${dims.join(', ')}] promises`);
    }
    data.set(rest, dataBytes);
    dataBytes += rest.length;
  }

  if (data === undefined) {
    checkMagic(header.subarray(0, headerBytes), options);
    throw corrupt(name, `it ends within its header, after ${headerBytes} of ${header.length} bytes`);
  }
  if (dataBytes < data.length) {
    throw corrupt(name, `it is truncated: ${dataBytes} of the ${data.length} bytes of [${dims.join(', ')}] are there`);
  }
  return { dims, data };
}

function parseHeader(header: Uint8Array, options: IdxStreamOptions): number[] {
  checkMagic(header, options);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return Array.from({ length: options.rank }, (_, index) => view.getUint32(4 + 4 * index));
}

/** Checks as many of the four magic bytes as there are: two zeros, element type, number of dimensions. */
function checkMagic(header: Uint8Array, { name, rank }: IdxStreamOptions): void {
  const expected = [0, 0, UNSIGNED_BYTE, rank];
  const magic = [...header.subarray(0, 4)];
  const wrong = magic.findIndex((byte, index) => byte !== expected[index]);
  if (wrong < 0) return;
  const found = magic.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const problem = [
    'it is not an idx file',
    'it is not an idx file',
    'its elements are not unsigned bytes',
    `it has ${magic[3]} dimensions where ${rank} are needed`,
  ][wrong];
  throw corrupt(name, `${problem} (it begins ${found}; idx${rank}-ubyte begins 00 00 08 0${rank})`);
}

function allocate(
  dims: readonly number[],
  { name, maxBytes = Infinity }: IdxStreamOptions,
): Uint8Array<SharedArrayBuffer> {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size > maxBytes) {
    throw corrupt(name, `its header promises [${dims.join(', ')}] = ${size} bytes, more than the file can hold`);
  }
  try {
    return new Uint8Array(new SharedArrayBuffer(size));
  } catch (cause) {
    throw corrupt(name, `its header promises [${dims.join(', ')}] = ${size} bytes, more than memory can hold`, cause);
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw new TextRecognizerError('FILE_NOT_FOUND', `Cannot open ${path} (${(cause as Error).message}).`, { cause });
  }
}

function corrupt(name: string, problem: string, cause?: unknown): TextRecognizerError {
  return new TextRecognizerError('FILE_CORRUPT', `Cannot read ${name}: ${problem}. Fetch the file again.`, { cause });
}
