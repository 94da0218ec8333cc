import { createHash } from 'node:crypto';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';

const count = z.int().nonnegative();
const entrySchema = z.object({
  dtype: z.enum(['F32', 'F16']),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});
type Entry = z.infer<typeof entrySchema>;

/** A float32 vector, or the bits of a half-precision one. */
type Vector = Float32Array | Uint16Array;

const METADATA = '__metadata__';

/** What a safetensors file says beside its tensors. */
export type SafetensorsMetadata = Readonly<Record<string, string>>;

/**
 * Named float32 vectors (or the bits of half-precision ones) as a safetensors file (https://huggingface.co/docs/safetensors): the JSON header's length as
 * uint64, the header padded with spaces, the data; little-endian. The metadata hold, beside those given, the sha256 of the header
 * without it and the data.
 */
export function encodeSafetensors(tensors: ReadonlyMap<string, Vector>, about: SafetensorsMetadata = {}): Buffer {
  const header: Record<string, Entry> = {};
  let offset = 0;
  for (const [name, vector] of tensors) {
    const end = offset + vector.byteLength;
    const dtype = vector instanceof Float32Array ? 'F32' : 'F16';
    header[name] = { dtype, shape: [vector.length], data_offsets: [offset, end] };
    offset = end;
  }
  const data = [...tensors.values()].map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  const metadata = { [METADATA]: { ...about, sha256: checksum(withAbout(about, header), data) } };
  const json = JSON.stringify({ ...metadata, ...header });
  const text = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, ...data]);
}

/**
 * Reads what `encodeSafetensors` or another writer wrote; throws FILE_CORRUPT naming `source` when it is anything else, and
 * CHECKSUM_MISMATCH when its metadata hold another sha256.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Map<string, Float32Array> {
  const { tensors } = readSafetensors(bytes, source);
  for (const [name, vector] of tensors) if (!(vector instanceof Float32Array)) throw notFloat32(source, name);
  return tensors as Map<string, Float32Array>;
}

/** What a safetensors file holds. */
interface SafetensorsFile {
  readonly tensors: Map<string, Vector>;
  readonly about: SafetensorsMetadata;
  /** Whether it has a checksum, which is right then; files of other writers have none. */
  readonly checked: boolean;
}

/** `decodeSafetensors` of half-precision vectors as well, whose bits it gives, and with what the file says beside its tensors. */
export function readSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + (buffer.length < 8 ? 0 : Number(buffer.readBigUInt64LE(0)));
  if (buffer.length < 8 || start > buffer.length) throw corrupt(source, 'it is shorter than its header says');
  const tensors = new Map<string, Vector>();
  const header = parseHeader(buffer.toString('utf8', 8, start), source);
  const { about, checked } = verify(header, buffer.subarray(start), source);
  for (const [name, entry] of parseEntries(header, source)) {
    const [from, to] = entry.data_offsets;
    const Kind = entry.dtype === 'F32' ? Float32Array : Uint16Array;
    const size = entry.shape.reduce((a, b) => a * b, Kind.BYTES_PER_ELEMENT);
    if (to - from !== size || start + to > buffer.length)
      throw corrupt(source, `tensor '${name}' is not ${entry.dtype === 'F32' ? 'float32' : 'float16'} of its shape`);
    // A copy, since a Float32Array must begin at a multiple of four bytes.
    tensors.set(name, new Kind(Uint8Array.prototype.slice.call(buffer, start + from, start + to).buffer));
  }
  return { tensors, about, checked };
}

function parseHeader(text: string, source: string): object {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw corrupt(source, 'its header is not JSON', cause);
  }
  if (typeof header !== 'object' || header === null) throw corrupt(source, 'its header does not describe tensors');
  return header;
}

function parseEntries(header: object, source: string): [string, Entry][] {
  return Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => {
      const result = entrySchema.safeParse(entry);
      if (result.success) return [name, result.data];
      throw notFloat32(source, name);
    });
}

function checksum(header: object, data: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify(header));
  for (const part of data) hash.update(part);
  return hash.digest('hex');
}

/** The header that the checksum is of: without metadata where there is none but the checksum itself. */
function withAbout(about: object, tensors: object): object {
  return Object.keys(about).length === 0 ? tensors : { [METADATA]: about, ...tensors };
}

/** The metadata without their checksum; throws CHECKSUM_MISMATCH where it is another. */
function verify(header: object, data: Uint8Array, source: string): Pick<SafetensorsFile, 'about' | 'checked'> {
  const { [METADATA]: metadata, ...tensors } = header as Record<string, unknown>;
  const { sha256, ...about } = Object(metadata) as SafetensorsMetadata;
  if (sha256 === undefined) return { about, checked: false };
  const found = checksum(withAbout(about, tensors), [data]);
  if (found === sha256) return { about, checked: true };
  throw new TextRecognizerError(
    'CHECKSUM_MISMATCH',
    `${source} was changed: its SHA-256 is ${found}, but it states ${String(sha256)}. ` +
      'Take it again from where you have it; if it is of a run of your own, take a copy, or train again.',
  );
}

function notFloat32(source: string, name: string): TextRecognizerError {
  return corrupt(source, `its header does not describe '${name}' as a float32 tensor`);
}

function corrupt(source: string, problem: string, cause?: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'FILE_CORRUPT',
    `${source} is not a usable safetensors file: ${problem}. Write it again.`,
    { cause },
  );
}
