import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { readFileOrExplain } from './read-file-or-explain.ts';
import { readPackJson } from './read-pack-json.ts';
import type { StrokeLine } from '../synthesis/stroke-line.ts';

const count = z.number().int().nonnegative();

const strokeIndex = z.object({
  licence: z.string().min(1),
  count,
  lines: z.array(
    z.object({
      id: z.string().min(1),
      off: count,
      strokes: z.array(z.number().int().positive()).min(1),
      text: z.string().min(1),
      writer: z.string().optional(),
      page: z.string().optional(),
    }),
  ),
});

/** Most bytes of a stroke pack, unpacked. */
const MAX_BYTES = 1 << 30;

/** Pen paths of a pack, and the licence that its index names. */
export interface StrokePack {
  readonly licence: string;
  readonly lines: readonly StrokeLine[];
}

/**
 * Reads `PREFIX.json.gz` (`{licence, count, lines: [{id, off, strokes, text, …}]}`, `strokes` being points per stroke) and
 * `PREFIX.bin.gz`: per line from (0, 0) the steps dx, dy of every point as zigzag LEB128. The page of a line is its id up to the last
 * dash, unless it is given. Throws `FILE_NOT_FOUND`, `FILE_CORRUPT` or `DATASET_INVALID`.
 */
export async function readStrokePack(prefix: string): Promise<StrokePack> {
  const path = `${prefix}.json.gz`;
  const index = await readPackJson(path, strokeIndex);
  if (index.count !== index.lines.length || index.count === 0) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${path}: count is ${index.count}, lines are ${index.lines.length}.`,
    );
  }
  const bytes = await readBytes(`${prefix}.bin.gz`);
  const lines = index.lines.map(({ id, off, strokes, text, writer, page }): StrokeLine => {
    const points = decodePoints(bytes, off, sum(strokes), id);
    const info = {
      id,
      text: text.normalize('NFC'),
      page: page ?? id.replace(/-[^-]*$/, ''),
      ...(writer && { writer }),
    };
    return { info, points, strokes: Uint32Array.from(strokes) };
  });
  return { licence: index.licence, lines };
}

/** `[count, 2]` points from steps in zigzag LEB128 (https://protobuf.dev/programming-guides/encoding/#signed-ints). */
function decodePoints(bytes: Uint8Array, start: number, count: number, id: string): Float32Array {
  const points = new Float32Array(2 * count);
  const sums = [0, 0];
  let at = start;
  for (let i = 0; i < points.length; i++) {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) {
        throw new TextRecognizerError(
          'FILE_CORRUPT',
          `The points of line ${id} are cut short or no numbers (byte ${at - 1}).`,
        );
      }
      value |= (byte & 127) << shift;
      if (byte < 128) break;
      shift += 7;
    }
    sums[i & 1] += (value >>> 1) ^ -(value & 1);
    points[i] = sums[i & 1];
  }
  return points;
}

async function readBytes(path: string): Promise<Uint8Array> {
  const packed = await readFileOrExplain(path, 'A stroke pack is a .bin.gz and a .json.gz.');
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw new TextRecognizerError('FILE_CORRUPT', `${path} cannot be unpacked (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Writes pen paths as `PREFIX.bin.gz` and `PREFIX.json.gz`, each file whole or not at all, the index last. Points are rounded to whole
 * numbers and moved so that the leftmost and the uppermost are at 0.
 */
export async function writeStrokePack(prefix: string, { lines, licence }: StrokePack): Promise<void> {
  const bytes: number[] = [];
  const index = lines.map(({ info, points, strokes }) => {
    const off = bytes.length;
    encodePoints(points, bytes);
    const { id, text, writer, page } = info;
    return { id, off, strokes: [...strokes], text, writer, page };
  });
  await writeFileAtomic(`${prefix}.bin.gz`, await promisify(gzip)(Uint8Array.from(bytes)));
  const json = JSON.stringify({ licence, count: lines.length, lines: index });
  await writeFileAtomic(`${prefix}.json.gz`, await promisify(gzip)(json));
}

function encodePoints(points: Float32Array, bytes: number[]): void {
  const starts = [0, 1].map((axis) =>
    points.reduce((least, value, i) => (i % 2 === axis ? Math.min(least, value) : least), Infinity),
  );
  const before = [0, 0];
  points.forEach((value, i) => {
    const moved = Math.round(value - starts[i & 1]);
    const step = moved - before[i & 1];
    before[i & 1] = moved;
    let rest = (step << 1) ^ (step >> 31);
    for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest);
  });
}
