import type { PreparedPicture } from '../../reading/prepare-picture.ts';
import { readPictures } from '../../reading/read-pictures.ts';
import type { Reading } from '../../reading/reading.ts';
import type { Recognizer } from '../../reading/recognizer.ts';
import { toErrorMessage, type WorkerErrorMessage } from '../../runtime/worker-error.ts';
import type { Measurement } from '../monitoring/measurement.ts';
import { ReadingMeter } from '../monitoring/reading-meter.ts';
import { type ReadChoice, recognizeOptions } from '../reading-service.ts';

/** An encoded image, and how to read it. */
export interface ImageToRead extends ReadChoice {
  readonly image: Uint8Array<ArrayBuffer>;
  /** One number, shared between threads, that becomes 1 when nobody waits for the image any more. */
  readonly givenUp?: Int32Array<SharedArrayBuffer>;
}

/** Images of a batch that are decoded at a time: enough for libuv's four threads, few enough to stop soon. */
const DECODED_AT_A_TIME = 8;

/** What became of one image of a batch. */
export type ItemResult =
  | { readonly reading: Reading; readonly measurement?: Measurement }
  | { readonly error: WorkerErrorMessage };

/** A batch that was read: an item for each image, in order, and how long the parts took, in milliseconds. */
export interface BatchResult {
  readonly items: readonly ItemResult[];
  readonly decodeMs: number;
  readonly computeMs: number;
}

type Prepared =
  | { readonly picture: PreparedPicture; readonly meter?: ReadingMeter }
  | { readonly error: WorkerErrorMessage };

/**
 * Decodes encoded images and reads them as one batch; one that cannot be read does not disturb the others. With `measure`, each is
 * measured for monitoring as well.
 */
export async function readBatch(
  recognizer: Recognizer,
  images: readonly ImageToRead[],
  measure = false,
): Promise<BatchResult> {
  const started = performance.now();
  const prepared = await prepareAll(recognizer, images, measure);
  const decoded = performance.now();
  const readings = await readPictures(prepared.flatMap((item) => ('picture' in item ? [item.picture] : [])));
  let next = 0;
  const items = prepared.map((item) => ('error' in item ? item : measured(readings[next++], item.meter)));
  return { items, decodeMs: decoded - started, computeMs: performance.now() - decoded };
}

function measured(reading: Reading, meter: ReadingMeter | undefined): ItemResult {
  return meter === undefined ? { reading } : { reading, measurement: meter.measurement(reading) };
}

/** A few bytes can take seconds to decode, so images are looked at one after the other for whether they are given up. */
async function prepareAll(
  recognizer: Recognizer,
  images: readonly ImageToRead[],
  measure: boolean,
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  let next = 0;
  const prepareSome = async (): Promise<void> => {
    while (next < images.length) {
      const i = next++;
      prepared[i] = await prepare(recognizer, images[i], measure);
    }
  };
  await Promise.all(Array.from({ length: DECODED_AT_A_TIME }, prepareSome));
  return prepared;
}

async function prepare(
  recognizer: Recognizer,
  { image, givenUp, ...choice }: ImageToRead,
  measure: boolean,
): Promise<Prepared> {
  try {
    if (givenUp !== undefined && Atomics.load(givenUp, 0) === 1) throw new Error('Nobody waits for this image.');
    const options = recognizeOptions(choice);
    if (!measure) return { picture: await recognizer.prepare(image, options) };
    const meter = new ReadingMeter();
    const { observePicture, observeLine } = meter;
    return { picture: await recognizer.prepare(image, { ...options, observePicture, observeLine }), meter };
  } catch (error) {
    return { error: toErrorMessage(error) };
  }
}
