import { ServiceError, TextRecognizerClient } from '../../../src/client/text-recognizer-client.ts';
import type { GrayImage } from '../../../src/images/gray-image.ts';
import { apiKey } from './api-key.ts';
import { pngFrom } from './gray-picture.ts';
import { type Decoder, KeyError, type ModelEntry, type PlacedReading, ReadingError } from './reading.ts';

/** With what to read on the server. */
export interface ServerReader {
  /** By what is in the picture when left out. */
  readonly model?: ModelEntry;
  /** The server's own default when left out. */
  readonly decoder?: Decoder;
}

/** A client of the service on this site, with the key that was given. */
export function siteClient(): TextRecognizerClient {
  const key = apiKey();
  return new TextRecognizerClient(new URL('.', document.baseURI).href, key === '' ? {} : { apiKey: key });
}

/** Reads a picture on the server; throws a ReadingError, or an AbortError when `signal` says so. */
export async function readOnServer(
  image: GrayImage,
  { model, decoder }: ServerReader,
  signal: AbortSignal,
): Promise<PlacedReading> {
  const png = await pngFrom(image);
  const { timing, requestId, ...reading } = await siteClient()
    .read(png, { model: model?.name, decoder, signal })
    .catch((error: unknown) => {
      throw signal.aborted ? error : inWords(error);
    });
  return { reading, place: 'server', milliseconds: timing.total, requestId };
}

/** What went wrong, for the person at the page. */
function inWords(error: unknown): ReadingError {
  if (!(error instanceof ServiceError)) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    const what = isLate ? 'The server did not answer in time.' : 'The server cannot be reached.';
    return new ReadingError(`${what} You can read on this device instead.`);
  }
  if (error.status !== 401) return new ReadingError(error.message);
  return new KeyError(
    apiKey() === ''
      ? 'This server needs a key; enter it below, or read on this device.'
      : 'This server does not accept that key; enter another one below, or read on this device.',
  );
}
