import type { GrayImage } from '../../../src/images/gray-image.ts';
import { pngDataUrl } from './gray-picture.ts';
import { findInkRegion } from './find-ink-region.ts';
import { type Alternative, type CharacterReading, type Reading, ReadingError } from './reading.ts';

/** What `POST /v1/predict` answers, as far as the page needs it. */
interface Prediction {
  readonly pred: string;
  readonly conf: number;
  readonly model: string;
  readonly characters?: readonly (Alternative & {
    readonly alternatives?: readonly Alternative[];
    /** Shares of the picture's width. */
    readonly start?: number;
    readonly end?: number;
  })[];
  readonly alternatives: readonly Alternative[];
  readonly timing: Readonly<Record<string, number>>;
}

/** A problem as RFC 9457 describes it. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
}

/** Reads a picture on the server; throws a ReadingError, or an AbortError when `signal` says so. */
export async function readOnServer(image: GrayImage, model: string, signal: AbortSignal): Promise<Reading> {
  const begin = performance.now();
  const url = new URL('v1/predict', document.baseURI);
  url.searchParams.set('model', model);
  const body = JSON.stringify({ image: pngDataUrl(image) });
  const headers = { 'content-type': 'application/json' };
  const response = await request(url, { method: 'POST', headers, body, signal });
  const { pred, conf, characters, alternatives, timing, ...rest } = (await response.json()) as Prediction;
  const milliseconds = timing.total ?? performance.now() - begin;
  const all = characters ?? [{ text: pred, confidence: conf, alternatives }];
  const read = { text: pred, confidence: conf, characters: placed(all, image) };
  return { ...read, model: rest.model, reader: 'server', milliseconds };
}

/** Adds where the characters stand: of a line, from where to where; a single one, where the ink is. */
function placed(characters: NonNullable<Prediction['characters']>, image: GrayImage): CharacterReading[] {
  const alone = characters.length === 1 ? findInkRegion(image) : undefined;
  return characters.map(({ text, confidence, alternatives = [], start, end }) => {
    const extent =
      start === undefined || end === undefined ? undefined : { left: start, top: 0, right: end, bottom: 1 };
    return { text, confidence, alternatives, region: alone ?? extent };
  });
}

/** Fetches from this site's API; what goes wrong is said in words for the person at the page. */
export async function request(url: URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new ReadingError('The server cannot be reached. You can read on this device instead.');
  });
  if (response.ok) return response;
  const { detail, title } = (await response.json().catch(() => ({}))) as Problem;
  throw new ReadingError(detail ?? title ?? `The server answered with status ${response.status}; try again.`);
}
