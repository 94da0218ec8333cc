import { deflateSync } from 'node:zlib';
import { encoded, pngChunk, pngClaiming30000Square } from '../../images/testing/encoded-images.ts';

/** What it is, its bytes, the status it is answered with, and how many of it are sent at once. */
export type ImageBomb = readonly [name: string, bytes: Uint8Array<ArrayBuffer>, status: number, copies: number];

/** Images of at most 100 kB that unfold to a hundred times as much and more. */
export function imageBombs(): readonly ImageBomb[] {
  const much = deflateSync(Buffer.alloc(1e8));
  const comment = Buffer.concat([Buffer.from('Comment\0\0'), much]);
  return [
    ['a PNG of one row that claims 30,000 of 30,000', Uint8Array.from(pngClaiming30000Square()), 413, 32],
    ['a PNG of 144 million pixels', bilevelPng(12_000), 413, 16],
    ['a JPEG that claims 65,500 × 65,500', jpegClaiming(65_500), 413, 16],
    ['a GIF that claims a screen of 65,535 × 65,535', gifOnHugeScreen(), 200, 16],
    ['a PNG with 100 MB of pixels too many', png(28, deflateSync(Buffer.alloc(1e8))), 200, 4],
    ['a PNG with a comment of 100 MB', png(28, deflateSync(Buffer.alloc(28 * 5)), pngChunk('zTXt', comment)), 200, 4],
    ['a JPEG that claims 7,000 × 7,000, as many as may be', jpegClaiming(7000), 200, 2],
  ];
}

function bilevelPng(side: number): Uint8Array<ArrayBuffer> {
  return png(side, deflateSync(Buffer.alloc((side / 8 + 1) * side)));
}

/** A square PNG of black and white, with a chunk before its pixels if wanted. */
function png(side: number, pixels: Uint8Array, chunk: Uint8Array = Buffer.alloc(0)): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const chunks = [pngChunk('IHDR', header), chunk, pngChunk('IDAT', pixels), pngChunk('IEND', [])];
  return Uint8Array.from(Buffer.concat([signature, ...chunks]));
}

function jpegClaiming(side: number): Uint8Array<ArrayBuffer> {
  const jpeg = Buffer.from(encoded('exif6Jpeg'));
  const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0));
  jpeg.writeUInt16BE(side, frame + 5);
  jpeg.writeUInt16BE(side, frame + 7);
  return Uint8Array.from(jpeg);
}

function gifOnHugeScreen(): Uint8Array<ArrayBuffer> {
  const gif = Buffer.from(encoded('animatedGif'));
  gif.writeUInt16LE(65_535, 6);
  gif.writeUInt16LE(65_535, 8);
  return Uint8Array.from(gif);
}
