import { createHash } from 'node:crypto';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';

const count = z.int().nonnegative();
const entrySchema = z.object({ dtype: z.literal('F32'), shape: z.array(count), data_offsets: z.tuple([count, count]) });
type Entry = z.infer<typeof entrySchema>;

const METADATA = '__metadata__';

/**
 * Named float32 vectors as a safetensors file (https://huggingface.co/docs/safetensors): the JSON header's length as
 * uint64, the header padded with spaces, the data; little-endian. The metadata hold the sha256 of the header without them and the
 * data.
 */
export function encodeSafetensors(tensors: ReadonlyMap<string, Float32Array>): Buffer {
  const header: Record<string, Entry> = {};
  let offset = 0;
  for (const [name, { byteLength, length }] of tensors) {
    header[name] = { dtype: 'F32', shape: [length], data_offsets: [offset, offset + byteLength] };
    offset += byteLength;
  }
  const data = [...tensors.values()].map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  const metadata = { [METADATA]: { sha256: checksum(header, data) } };
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
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + (buffer.length < 8 ? 0 : Number(buffer.readBigUInt64LE(0)));
  if (buffer.length < 8 || start > buffer.length) throw corrupt(source, 'it is shorter than its header says');
  const tensors = new Map<string, Float32Array>();
  const header = parseHeader(buffer.toString('utf8', 8, start), source);
  verify(header, buffer.subarray(start), source);
  for (const [name, entry] of parseEntries(header, source)) {
    const [from, to] = entry.data_offsets;
    const size = entry.shape.reduce((a, b) => a * b, 4);
    if (to - from !== size || start + to > buffer.length)
      throw corrupt(source, `tensor '${name}' is not float32 of its shape`);
    // A copy, since a Float32Array must begin at a multiple of four bytes.
    tensors.set(name, new Float32Array(Uint8Array.prototype.slice.call(buffer, start + from, start + to).buffer));
  }
  return tensors;
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
      throw corrupt(source, `its header does not describe '${name}' as a float32 tensor`);
    });
}

function checksum(header: object, data: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify(header));
  for (const part of data) hash.update(part);
  return hash.digest('hex');
}

/** Files of other writers have no checksum. */
function verify(header: object, data: Uint8Array, source: string): void {
  const { [METADATA]: metadata, ...tensors } = header as Record<string, unknown>;
  const { sha256 } = Object(metadata) as { sha256?: unknown };
  if (sha256 === undefined) return;
  const found = checksum(tensors, [data]);
  if (found === sha256) return;
  throw new TextRecognizerError(
    'CHECKSUM_MISMATCH',
    `${source} was changed: its sha256 is ${found}, and it names ${String(sha256)}. Take it again from where it comes.`,
  );
}

function corrupt(source: string, problem: string, cause?: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'FILE_CORRUPT',
    `${source} is not a usable safetensors file: ${problem}. Write it again.`,
    { cause },
  );
}
