import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { Random } from '../../random/random.ts';
import { photographedLines } from './photographed-lines.ts';

/** A request of the load: where to, and with what. */
export interface LoadRequest {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

const sample = fileURLToPath(new URL('../../../data/emnist-sample/images/digit-2.png', import.meta.url));
const mebibyte = 2 ** 20;
/** A square of as many pixels as are allowed. */
const bomb = { width: 7000, height: 7000, channels: 3, background: '#eee' } as const;

const image = (type: string, body: Buffer): LoadRequest => ({ path: '/v1/predict', type, body });
const json = (path: string, text: string): LoadRequest => ({ path, type: 'application/json', body: Buffer.from(text) });
const dataUrl = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;

/** One character as an image: what is to be read whatever else is sent. */
export async function cheapRequest(): Promise<LoadRequest> {
  return image('image/png', await readFile(sample));
}

/** Bodies of every form and size, up to 17 MiB, most of them as they should be. */
export async function mixedRequests(): Promise<LoadRequest[]> {
  const character = await readFile(sample);
  const lines = await photographedLines();
  const noise = noiseOf(17 * mebibyte);
  const photograph = await sharp(noise, { raw: { width: 2400, height: 2400, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
  return [
    image('image/png', character),
    ...lines.map((line) => image('image/jpeg', line)),
    json('/v1/predict', JSON.stringify({ image: dataUrl(character) })),
    formOf(character),
    json('/v1/predict/batch', JSON.stringify({ images: Array.from({ length: 8 }, () => dataUrl(character)) })),
    formOf(photograph),
    json('/v1/predict', JSON.stringify({ image: dataUrl(noise.subarray(0, (17 * mebibyte * 3) / 4)) })),
    formOf(noise.subarray(0, 15 * mebibyte)),
    image('image/png', noise),
  ];
}

/** Images that are small as files and huge in memory. */
export async function decodeRequests(): Promise<LoadRequest[]> {
  const blank = () => sharp({ create: bomb });
  const deep = await blank().ensureAlpha().toColourspace('rgb16').png({ compressionLevel: 9 }).toBuffer();
  return [
    image('image/avif', await blank().avif({ effort: 0 }).toBuffer()),
    image('image/png', deep),
    image('image/webp', await blank().webp({ lossless: true, effort: 0 }).toBuffer()),
    image('image/jpeg', await blank().jpeg({ progressive: true }).toBuffer()),
  ];
}

/** JSON that costs much to parse or to check. */
export function jsonRequests(): LoadRequest[] {
  const [kilobytes400, mebibytes7] = [400_000, 7 * mebibyte];
  const zeros = '0,'.repeat(mebibytes7 / 2);
  return [
    json('/v1/predict', '['.repeat(kilobytes400)),
    json('/v1/predict', `{"image":${'['.repeat(kilobytes400 / 2)}${']'.repeat(kilobytes400 / 2)}}`),
    json('/v1/predict', `${'{"a":'.repeat(kilobytes400 / 6)}0${'}'.repeat(kilobytes400 / 6)}`),
    json('/v1/predict/batch', `{"images":[${zeros}0]}`),
    json('/v1/predict/batch', `{"images":[${'"",'.repeat(mebibytes7 / 3)}""]}`),
    json('/v1/predict', `{"image":"${String.raw`\"`.repeat(mebibytes7 / 2)}"}`),
  ];
}

/** Pixels that no format makes smaller. */
function noiseOf(bytes: number): Buffer {
  const random = Random.of(1);
  return Buffer.from(Uint8Array.from({ length: bytes }, () => random.below(256)));
}

function formOf(bytes: Buffer): LoadRequest {
  const head = '--edge\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--edge--\r\n')]);
  return { path: '/v1/predict', type: 'multipart/form-data; boundary=edge', body };
}
