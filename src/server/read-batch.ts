import { decodeImage } from '../images/decode-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import { toErrorMessage, type WorkerErrorMessage } from '../runtime/worker-error.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { Reader, ReaderInput } from './reader.ts';
import type { Reading } from './reading.ts';

/** An encoded image, and how to decode what the network says of it. */
export interface ImageToRead {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly decoder: LineDecoder;
  /** One number, shared between threads, that becomes 1 when nobody waits for the image any more. */
  readonly givenUp?: Int32Array<SharedArrayBuffer>;
}

/** Images of a batch that are decoded at a time: enough for libuv's four threads, few enough to stop soon. */
const DECODED_AT_A_TIME = 8;

/** What became of one image of a batch. */
export type ItemResult = { readonly reading: Reading } | { readonly error: WorkerErrorMessage };

/** A batch that was read: an item for each image, in order, and how long the parts took, in milliseconds. */
export interface BatchResult {
  readonly items: readonly ItemResult[];
  readonly decodeMs: number;
  readonly computeMs: number;
}

type Prepared<T> = { readonly input: ReaderInput<T> } | { readonly error: WorkerErrorMessage };

/** Decodes encoded images and reads them as one batch; one that cannot be read does not disturb the others. */
export async function readBatch<T>(
  reader: Reader<T>,
  images: readonly ImageToRead[],
  limits?: Partial<ImageLimits>,
): Promise<BatchResult> {
  const started = performance.now();
  const prepared = await prepareAll(reader, images, limits);
  const decoded = performance.now();
  const inputs = prepared.flatMap((item) => ('input' in item ? [item.input] : []));
  const readings = inputs.length > 0 ? await reader.read(inputs) : [];
  let next = 0;
  const items = prepared.map((item) => ('error' in item ? item : { reading: readings[next++] }));
  return { items, decodeMs: decoded - started, computeMs: performance.now() - decoded };
}

/** A few bytes can take seconds to decode, so images are looked at one after the other for whether they are given up. */
async function prepareAll<T>(
  reader: Reader<T>,
  images: readonly ImageToRead[],
  limits?: Partial<ImageLimits>,
): Promise<Prepared<T>[]> {
  const prepared: Prepared<T>[] = [];
  let next = 0;
  const prepareSome = async (): Promise<void> => {
    while (next < images.length) {
      const i = next++;
      prepared[i] = await prepare(reader, images[i], limits);
    }
  };
  await Promise.all(Array.from({ length: DECODED_AT_A_TIME }, prepareSome));
  return prepared;
}

async function prepare<T>(
  reader: Reader<T>,
  { image, decoder, givenUp }: ImageToRead,
  limits?: Partial<ImageLimits>,
): Promise<Prepared<T>> {
  try {
    if (givenUp !== undefined && Atomics.load(givenUp, 0) === 1) throw new Error('Nobody waits for this image.');
    return { input: { prepared: reader.prepare(await decodeImage(image, limits)), decoder } };
  } catch (error) {
    return { error: toErrorMessage(error) };
  }
}
