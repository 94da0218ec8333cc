import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { LineDataset, LineInfo, LineWord } from '../lines/line-dataset.ts';
import { memoryLines } from '../lines/memory-lines.ts';
import { readPackJson } from './read-pack-json.ts';

const count = z.number().int().nonnegative();
const size = z.number().int().min(1).max(65_535);

const packLine = z.object({
  off: count,
  w: size,
  h: size,
  id: z.string().min(1),
  text: z.string().min(1),
  writer: z.string().optional(),
  page: z.string().optional(),
  form: z.string().optional(),
  tokens: z.array(z.string()).optional(),
  /** `[x, width]` of each token; null where it was not found in the image. */
  wordx: z.array(z.tuple([z.number().int(), count]).nullable()).optional(),
});

const packIndex = z.object({ licence: z.string().min(1), count, lines: z.array(packLine) });

type PackIndex = z.infer<typeof packIndex>;
type PackLine = z.infer<typeof packLine>;

/** A line pack in memory, and the licence that its index names. */
export interface LinePack {
  readonly licence: string;
  readonly dataset: LineDataset;
}

/**
 * Reads `PREFIX.json.gz` (`{licence, count, lines: [{off, w, h, id, text, …}]}`) and `PREFIX.bin.gz` (the lines' images one
 * after the other, `[h, w]` bytes each, 255 = paper) into shared memory, ink white.
 * Throws `FILE_NOT_FOUND`, `FILE_CORRUPT` (not gzip, cut short) or `DATASET_INVALID` (says something impossible).
 */
export async function readLinePack(prefix: string, name = prefix.replace(/^.*[/\\]/, '')): Promise<LinePack> {
  const { licence, lines } = checkIndex(`${prefix}.json.gz`, await readPackJson(`${prefix}.json.gz`, packIndex));
  const height = lines[0].h;
  const bytes = lines.reduce((end, line) => Math.max(end, line.off + line.w * line.h), 0);
  const pixels = await readPixels(`${prefix}.bin.gz`, bytes);
  const dataset = memoryLines({
    name,
    height,
    pixels,
    offsets: lines.map((line) => line.off),
    widths: lines.map((line) => line.w),
    lines: lines.map(toInfo),
    licence,
  });
  return { licence, dataset };
}

/** Whether the pack's lines are pen paths, for `readStrokePack`, not images. */
export async function isStrokePack(prefix: string): Promise<boolean> {
  const anyPack = z.object({ lines: z.array(z.looseObject({})) });
  const { lines } = await readPackJson(`${prefix}.json.gz`, anyPack);
  return lines.length > 0 && 'strokes' in lines[0];
}

/** Writes `dataset` as the pack `PREFIX.bin.gz` and `PREFIX.json.gz`, each file whole or not at all, the index last. */
export async function writeLinePack(prefix: string, dataset: LineDataset, licence: string): Promise<void> {
  const { height, length } = dataset;
  const images = Array.from({ length }, (_, index) => dataset.image(index));
  const pixels = new Uint8Array(images.reduce((sum, image) => sum + image.data.length, 0));
  const lines = [];
  let off = 0;
  for (const [index, image] of images.entries()) {
    for (let i = 0; i < image.data.length; i++) pixels[off + i] = 255 - image.data[i];
    lines.push(fromInfo(dataset.lines[index], { off, w: image.width, h: height }));
    off += image.data.length;
  }
  const pack = promisify(gzip);
  await writeFileAtomic(`${prefix}.bin.gz`, await pack(pixels));
  await writeFileAtomic(`${prefix}.json.gz`, await pack(JSON.stringify({ licence, count: length, lines })));
}

function checkIndex(path: string, index: PackIndex): PackIndex {
  const { count, lines } = index;
  const invalid = (reason: string) => new TextRecognizerError('DATASET_INVALID', `${path}: ${reason}.`);
  if (lines.length === 0) throw invalid('the pack has no lines');
  if (count !== lines.length) throw invalid(`count is ${count}, but there are ${lines.length} lines`);
  const odd = lines.find((line) => line.h !== lines[0].h);
  if (odd) throw invalid(`line ${odd.id} is ${odd.h} pixels high, the first ${lines[0].h}; a pack has one height`);
  const ids = new Set<string>();
  for (const { id } of lines) {
    if (ids.has(id)) throw invalid(`the id ${id} is given to two lines`);
    ids.add(id);
  }
  const uneven = lines.find((line) => line.wordx && line.wordx.length !== line.tokens?.length);
  if (uneven)
    throw invalid(`line ${uneven.id} has ${uneven.wordx!.length} word places for ${uneven.tokens?.length ?? 0} tokens`);
  return index;
}

/** The unpacked bytes of `path`, inverted to white ink; exactly `bytes` of them must be there. */
async function readPixels(path: string, bytes: number): Promise<Uint8Array<SharedArrayBuffer>> {
  const pixels = new Uint8Array(new SharedArrayBuffer(bytes));
  let end = 0;
  try {
    await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        for (let i = 0; i < chunk.length && end + i < bytes; i++) pixels[end + i] = 255 - chunk[i];
        end += chunk.length;
      }
    });
  } catch (error) {
    throw explainPixels(path, error);
  }
  if (end === bytes) return pixels;
  throw new TextRecognizerError(
    'FILE_CORRUPT',
    `${path} holds ${end} bytes of pixels; its index speaks of ${bytes}. Fetch both files of the pack again.`,
  );
}

function explainPixels(path: string, error: unknown): TextRecognizerError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    return new TextRecognizerError('FILE_NOT_FOUND', `${path} is missing; a line pack is a .bin.gz and a .json.gz.`);
  }
  return new TextRecognizerError('FILE_CORRUPT', `${path} cannot be unpacked (${message}).`, { cause: error });
}

function toInfo({ id, text, writer, page, form, tokens, wordx }: PackLine): LineInfo {
  const words = wordx?.flatMap((place, index): LineWord[] =>
    place ? [{ text: tokens![index], x: place[0], width: place[1] }] : [],
  );
  const from = page ?? form;
  return {
    id,
    text: text.normalize('NFC'),
    ...(writer !== undefined && { writer }),
    ...(from !== undefined && { page: from }),
    ...(words && { words }),
  };
}

function fromInfo({ id, text, writer, page, words }: LineInfo, place: Pick<PackLine, 'off' | 'w' | 'h'>): PackLine {
  const tokens = words?.map((word) => word.text);
  const wordx = words?.map((word): [number, number] => [word.x, word.width]);
  return { ...place, id, text, writer, page, tokens, wordx };
}
