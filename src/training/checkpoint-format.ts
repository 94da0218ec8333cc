import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { scheduleSchema } from './schedules.ts';

const uint = z.int().nonnegative();

/** All of a training's state that is not a tensor. */
const checkpointMetaSchema = z.strictObject({
  /** Optimiser steps done. */
  step: uint,
  /** The current epoch, from 1. */
  epoch: z.int().positive(),
  /** Steps done in that epoch. */
  stepInEpoch: uint,
  totalSteps: uint,
  schedule: scheduleSchema,
  /** `Random.state`: four uint32 words. */
  randomState: z.array(uint.max(0xffffffff)).length(4),
  /** Sums over the epoch so far (loss, items, seconds …), so that its report does not depend on a restart. */
  epochTotals: z.record(z.string(), z.number()),
  /** Why a callback ended the training for good, if one did. */
  stopped: z.string().optional(),
  /** `Callback.state()` by the callback's name. */
  callbacks: z.record(z.string(), z.json()),
  /** Of everything that must not change between a run and its resumption. */
  configHash: z.string(),
  /** What the hash is of, to say which setting differs; earlier checkpoints lack it. */
  config: z.json().optional(),
});

export type CheckpointMeta = z.infer<typeof checkpointMetaSchema>;

/** Everything that a training needs to continue: weights, optimiser slots, statistics and averages by name, and the rest. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly meta: CheckpointMeta;
}

const headerSchema = z.strictObject({
  meta: checkpointMetaSchema,
  /** Offset in bytes from the payload's start; length in floats. */
  tensors: z.array(z.strictObject({ name: z.string(), offset: uint, length: uint })),
  payload: z.strictObject({ bytes: uint, sha256: z.string() }),
});

type Header = z.infer<typeof headerSchema>;

const MAGIC = 'TRCKPT1\n';
const LENGTH_AT = MAGIC.length;
const DIGEST_AT = LENGTH_AT + 4;
const HEADER_AT = DIGEST_AT + 32;

/**
 * The bytes of a checkpoint file: `TRCKPT1\n`, the JSON header's length (uint32), the header's SHA-256 (32 bytes), the
 * header padded with spaces to a multiple of four, then every tensor as float32; numbers are little-endian.
 */
export function encodeCheckpoint({ tensors, meta }: Checkpoint): Buffer {
  const payload = encodePayload(tensors);
  let offset = 0;
  const entries = [...tensors].map(([name, { length, byteLength }]) => {
    offset += byteLength;
    return { name, offset: offset - byteLength, length };
  });
  const header: Header = {
    meta: requireMeta(meta),
    tensors: entries,
    payload: { bytes: payload.length, sha256: sha256(payload).toString('hex') },
  };
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc(-json.length & 3, ' ')]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  return Buffer.concat([Buffer.from(MAGIC), length, sha256(padded), padded, payload]);
}

/** Reads what `encodeCheckpoint` made; any other bytes give CHECKPOINT_INVALID, whose message names `source`. */
export function decodeCheckpoint(bytes: Uint8Array, source: string): Checkpoint {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireMagic(file, source);
  const headerEnd = HEADER_AT + (file.length < HEADER_AT ? 0 : file.readUInt32LE(LENGTH_AT));
  if (file.length < headerEnd) throw invalid(source, `it ends after ${file.length} bytes, inside its header`);
  const headerBytes = file.subarray(HEADER_AT, headerEnd);
  if (!sha256(headerBytes).equals(file.subarray(DIGEST_AT, HEADER_AT))) throw invalid(source, 'its header was changed');

  const header = parseHeader(headerBytes, source);
  const payload = file.subarray(headerEnd);
  if (payload.length !== header.payload.bytes) {
    throw invalid(source, `it holds ${payload.length} bytes of tensors, not ${header.payload.bytes}`);
  }
  if (sha256(payload).toString('hex') !== header.payload.sha256) throw invalid(source, 'its tensors were changed');
  return { tensors: decodePayload(header.tensors, payload, source), meta: header.meta };
}

function requireMagic(file: Buffer, source: string): void {
  const start = file.subarray(0, MAGIC.length).toString('latin1');
  if (start === MAGIC && file.length >= HEADER_AT) return;
  if (start === MAGIC || MAGIC.startsWith(start)) throw invalid(source, `it ends after ${file.length} bytes`);
  const version = /^TRCKPT(\d+)/.exec(start)?.[1];
  if (version === undefined) throw invalid(source, 'it does not begin like a checkpoint');
  throw invalid(source, `it has format version ${version} and this program reads version 1`);
}

function parseHeader(bytes: Buffer, source: string): Header {
  try {
    return headerSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw invalid(source, 'its header does not hold what a checkpoint of this version holds', cause);
  }
}

function encodePayload(tensors: ReadonlyMap<string, Float32Array>): Buffer {
  const parts = [...tensors.values()].map((t) => Buffer.from(t.buffer, t.byteOffset, t.byteLength));
  return littleEndian(Buffer.concat(parts));
}

function decodePayload(entries: Header['tensors'], payload: Buffer, source: string): Map<string, Float32Array> {
  const tensors = new Map<string, Float32Array>();
  let end = 0;
  for (const { name, offset, length } of entries) {
    const start = end;
    end += 4 * length;
    if (offset !== start || end > payload.length || tensors.has(name)) {
      throw invalid(source, `tensor "${name}" is out of place`);
    }
    const copy = Uint8Array.from(payload.subarray(start, end));
    littleEndian(Buffer.from(copy.buffer));
    tensors.set(name, new Float32Array(copy.buffer));
  }
  if (end !== payload.length) throw invalid(source, `its tensors fill ${end} of ${payload.length} bytes`);
  return tensors;
}

/** Swaps the bytes of floats in place on big-endian machines; a no-op elsewhere. */
function littleEndian(bytes: Buffer): Buffer {
  return endianness() === 'BE' ? bytes.swap32() : bytes;
}

/** JSON would write NaN as null silently: refuse it, and all else that could not be read back. */
function requireMeta(meta: CheckpointMeta): CheckpointMeta {
  const result = checkpointMetaSchema.safeParse(meta);
  if (result.success) return result.data;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `A checkpoint cannot hold this state:\n${z.prettifyError(result.error)}\n` +
      'Give finite numbers and plain JSON only; null can stand for "none yet".',
  );
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function invalid(source: string, why: string, cause?: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'CHECKPOINT_INVALID',
    `${source} is not a usable checkpoint: ${why}. Resume from another checkpoint of the run, or start it over.`,
    { cause },
  );
}
