import sharp from 'sharp';
import type { Random } from '../../random/random.ts';
import { ENCODED, crc32, encoded, pngClaiming30000Square } from './encoded-images.ts';

/** Whole encoded images of many kinds: formats, depths, channels, frames, orientation, transparency, sizes. */
export async function seedImages(): Promise<Uint8Array[]> {
  const names = Object.keys(ENCODED) as (keyof typeof ENCODED)[];
  const drawing = Buffer.alloc(40 * 30 * 4, 255);
  for (let y = 5; y < 25; y++) drawing.fill(20, (y * 40 + 18) * 4, (y * 40 + 22) * 4 - 1);
  const picture = sharp(drawing, { raw: { width: 40, height: 30, channels: 4 } });
  const made = await Promise.all([
    picture.clone().png().toBuffer(),
    picture.clone().png({ palette: true }).toBuffer(),
    picture.clone().toColourspace('rgb16').png({ progressive: true }).toBuffer(),
    picture.clone().jpeg({ progressive: true }).toBuffer(),
    picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
    picture.clone().webp().toBuffer(),
    picture.clone().webp({ lossless: true }).toBuffer(),
    picture.clone().gif().toBuffer(),
    picture.clone().tiff({ compression: 'lzw' }).toBuffer(),
    picture.clone().tiff({ compression: 'jpeg', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    picture.clone().resize(1, 1).png().toBuffer(),
  ]);
  return [...names.map(encoded), pngClaiming30000Square(), ...made.map((bytes) => new Uint8Array(bytes))];
}

/** Bytes of the signature, which most mutations spare: past it, the decoders are reached. */
const SIGNATURE = 12;

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const GENTLE: readonly Mutation[] = [
  (bytes) => bytes,
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  flipBits,
  flipBits,
  overwrite,
  insert,
];

const ROUGH: readonly Mutation[] = [
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  (bytes, random) => withHead(bytes, Buffer.from(['GIF89a', 'II*\0', 'RIFF0000WEBP', '%PDF', '<svg'][random.below(5)])),
  (_, random) => Uint8Array.from({ length: random.below(200) }, () => random.below(256)),
];

/** `bytes` cut, flipped, overwritten or mixed one to three times over; one in eight loses its form altogether. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.uniform() < 0.125) return ROUGH[random.below(ROUGH.length)](bytes, random);
  let mutated = bytes;
  for (let left = 1 + random.below(3); left > 0; left--) mutated = GENTLE[random.below(GENTLE.length)](mutated, random);
  return random.uniform() < 0.5 ? withPngChecksums(mutated) : mutated;
}

/** Flips one to eight bits, half of the time near the start, where sizes and depths stand. */
function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const end = random.uniform() < 0.5 ? Math.min(64, copy.length) : copy.length;
  if (end <= SIGNATURE) return copy;
  for (let left = 1 + random.below(8); left > 0; left--) {
    copy[SIGNATURE + random.below(end - SIGNATURE)] ^= 1 << random.below(8);
  }
  return copy;
}

function overwrite(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const start = SIGNATURE + random.below(bytes.length + 1);
  return copy.fill(random.below(256), start, start + 1 + random.below(40));
}

/** Repeats a piece of the file somewhere else in it. */
function insert(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random.below(bytes.length + 1);
  const at = SIGNATURE + random.below(bytes.length + 1);
  const piece = bytes.subarray(from, from + random.below(100));
  return Uint8Array.of(...bytes.subarray(0, at), ...piece, ...bytes.subarray(at));
}

function withHead(bytes: Uint8Array, head: Uint8Array): Uint8Array {
  return Uint8Array.of(...head, ...bytes.subarray(head.length));
}

/** A PNG with the checksums of its chunks made right, so that decoders continue to what was changed; others as they are. */
function withPngChecksums(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x89) return bytes;
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 8; at + 12 <= copy.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > copy.length) break;
    view.setUint32(end, crc32(copy.subarray(at + 4, end)));
    at = end + 4;
  }
  return copy;
}
