import type { GrayImage } from '../../../src/images/gray-image.ts';
import { apiHeaders, apiKey } from './api-key.ts';
import { pngDataUrl } from './gray-picture.ts';
import { type Extent, regionFinder } from './place-characters.ts';
import { type Alternative, type Decoder, KeyError, type ModelEntry, type Reading, ReadingError } from './reading.ts';

/** What `POST /v1/predict` answers, as far as the page needs it. */
interface Prediction {
  readonly pred: string;
  readonly conf: number;
  readonly model: string;
  readonly characters: readonly (Alternative & Extent & { readonly alternatives: readonly Alternative[] })[];
  readonly words: readonly (Alternative & Extent)[];
  readonly alternatives: readonly Alternative[];
  readonly timing: Readonly<Record<string, number>>;
}

/** A problem as RFC 9457 describes it. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
}

/** With what to read on the server. */
export interface ServerReader {
  readonly model: ModelEntry;
  /** The server's own default when left out. */
  readonly decoder?: Decoder;
}

/** Reads a picture on the server; throws a ReadingError, or an AbortError when `signal` says so. */
export async function readOnServer(
  image: GrayImage,
  { model: { name, kind }, decoder }: ServerReader,
  signal: AbortSignal,
): Promise<Reading> {
  const begin = performance.now();
  const url = new URL('v1/predict', document.baseURI);
  url.searchParams.set('model', name);
  if (decoder !== undefined) url.searchParams.set('decoder', decoder);
  const body = JSON.stringify({ image: pngDataUrl(image) });
  const headers = { 'content-type': 'application/json', ...apiHeaders() };
  const response = await request(url, { method: 'POST', headers, body, signal });
  const { pred, conf, model, characters, words, alternatives, timing } = (await response.json()) as Prediction;
  const milliseconds = timing.total ?? performance.now() - begin;
  const regionOf = regionFinder(kind, image);
  return {
    text: pred,
    confidence: conf,
    characters: characters.map((part) => Object.assign(part, { region: regionOf(part) })),
    words: words.map((part) => Object.assign(part, { region: regionOf(part) })),
    alternatives,
    model,
    reader: 'server',
    milliseconds,
  };
}

/** Fetches from this site's API; what goes wrong is said in words for the person at the page. */
export async function request(url: URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new ReadingError('The server cannot be reached. You can read on this device instead.');
  });
  if (response.ok) return response;
  if (response.status === 401) {
    throw new KeyError(
      apiKey() === ''
        ? 'This server asks for a key; give it below, or read on this device.'
        : 'This server does not take that key; give another one below, or read on this device.',
    );
  }
  const { detail, title } = (await response.json().catch(() => ({}))) as Problem;
  throw new ReadingError(detail ?? title ?? `The server answered with status ${response.status}; try again.`);
}
