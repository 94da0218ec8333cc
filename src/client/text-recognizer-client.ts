import type { z } from 'zod';
import type {
  batchSchema,
  documentPageSchema,
  modelsSchema,
  predictionSchema,
  problemSchema,
} from '../server/http/schemas.ts';
import type { ReadOptions } from '../reading/reader.ts';
import { type ServedReading, toReading } from './to-reading.ts';

export type { ServedReading } from './to-reading.ts';

/** What the service answers, from the schemas that it describes itself with. */
export type Prediction = z.infer<typeof predictionSchema>;
export type BatchPrediction = z.infer<typeof batchSchema>;
export type DocumentPage = z.infer<typeof documentPageSchema>;
export type Models = z.infer<typeof modelsSchema>;
/** How a model turns what its network says into text. */
export type Decoder = Models['models'][number]['decoders'][number];
export type Problem = z.infer<typeof problemSchema>;

/** An encoded image: a file that was chosen, or its bytes. */
export type ImageSource = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

export interface ClientOptions {
  readonly apiKey?: string;
  /** How often a request is sent again after 429 or 503, as late as the service asks for; default 2. */
  readonly retries?: number;
  /** Milliseconds for one answer; default 30,000. */
  readonly timeoutMs?: number;
}

/** What is known of a text before it is read, as the library takes it. */
type Rules = Pick<ReadOptions, 'characters' | 'pattern' | 'words' | 'likelyWords'>;

export interface RequestOptions extends Rules {
  /** One of those served; when left out, the service chooses by what is in the image. */
  readonly model?: string;
  /** `greedy`, or with a model for lines `beam` or `lm`, a beam with a language model; by default the first that the model names. */
  readonly decoder?: Decoder;
  readonly signal?: AbortSignal;
}

/** An answer other than the one asked for, with what the service says about it. */
export class ServiceError extends Error {
  readonly status: number;
  /** The code of the problem, or `UNKNOWN` when something other than the service has answered. */
  readonly code: Problem['code'] | 'UNKNOWN';
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `The service answered with status ${status}.`);
    this.name = 'ServiceError';
    this.status = status;
    this.code = problem.code ?? 'UNKNOWN';
    this.problem = problem;
  }
}

/** A client of the service for browsers, Node, Deno and Bun; throws `ServiceError`, and what `fetch` throws. */
export class TextRecognizerClient {
  readonly #base: string;
  readonly #options: Required<Omit<ClientOptions, 'apiKey'>>;
  readonly #headers: Readonly<Record<string, string>>;

  /** `url` is where the service is, such as `http://localhost:8000`. */
  constructor(url: string, { apiKey, retries = 2, timeoutMs = 30_000 }: ClientOptions = {}) {
    this.#base = url.replace(/\/+$/, '');
    this.#options = { retries, timeoutMs };
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  /** Reads one image. */
  async predict(image: ImageSource, { signal, ...choice }: RequestOptions = {}): Promise<Prediction> {
    const given = fieldsOf(choice);
    // Addresses have to be short.
    if (given.some(([, value]) => value.length > MAX_QUERY_VALUE)) {
      const init = { method: 'POST', body: formOf([image], given) };
      return (await this.#request('/v1/predict', [], init, signal)) as Prediction;
    }
    const type = image instanceof Blob && image.type.startsWith('image/') ? image.type : 'application/octet-stream';
    const init = { method: 'POST', body: image, headers: { 'content-type': type } };
    return (await this.#request('/v1/predict', given, init, signal)) as Prediction;
  }

  /** Reads one image, into the tree that the library gives. */
  async read(image: ImageSource, options: RequestOptions = {}): Promise<ServedReading> {
    return toReading(await this.predict(image, options));
  }

  /** Reads the image at an address, where the service allows it. */
  async predictUrl(address: string, { signal, ...choice }: RequestOptions = {}): Promise<Prediction> {
    const given = [...fieldsOf(choice), ['image_url', address] as const];
    return (await this.#request('/v1/predict', given, {}, signal)) as Prediction;
  }

  /** Reads several images; one that cannot be read has an `error` in its place. */
  async predictBatch(
    images: readonly ImageSource[],
    { signal, ...choice }: RequestOptions = {},
  ): Promise<BatchPrediction['predictions']> {
    const init = { method: 'POST', body: formOf(images, fieldsOf(choice)) };
    const answer = await this.#request('/v1/predict/batch', [], init, signal);
    return (answer as BatchPrediction).predictions;
  }

  /**
   * Reads the pages of a PDF or TIFF, each as soon as it is there; one that cannot be read has an `error`. Where the connection is lost, the
   * rest is asked for again, as often as `retries` says. `timeoutMs` is for the time until the first page, and between two.
   */
  async *predictDocument(
    file: ImageSource,
    { signal, from = 1, ...choice }: RequestOptions & { readonly from?: number } = {},
  ): AsyncGenerator<DocumentPage> {
    const body = formOf([file], fieldsOf(choice));
    let next = from;
    for (let retry = 0; ; retry++) {
      let patience: Patience | undefined;
      const signalOf = (): AbortSignal => {
        patience?.end();
        patience = new Patience(this.#options.timeoutMs, signal);
        return patience.signal;
      };
      try {
        const query = [['from', String(next)]] as const;
        const response = await this.#send('/v1/predict/document', query, { method: 'POST', body, signal }, signalOf);
        for await (const line of linesOf(response)) {
          patience?.renew();
          const page = JSON.parse(line) as DocumentPage;
          next = page.page + 1;
          yield page;
          if (page.page === page.pages) return;
        }
        throw new TypeError('The connection was lost before the last page.');
      } catch (error) {
        if (error instanceof ServiceError || signal?.aborted || retry >= this.#options.retries) throw error;
      } finally {
        patience?.end();
      }
    }
  }

  /**
   * Corrects a reading by the `request_id` of its answer, where the service takes corrections. The picture is kept only with the consent
   * of its owner; the id that is returned then deletes it.
   */
  async correct(
    requestId: string,
    text: string,
    { consent = false, signal }: { readonly consent?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<{ readonly id?: string }> {
    const body = JSON.stringify({ request_id: requestId, text, consent });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    return (await this.#request('/v1/feedback', [], init, signal)) as { readonly id?: string };
  }

  /** Deletes a picture that was kept with a correction. */
  async deleteCorrection(id: string, { signal }: Pick<RequestOptions, 'signal'> = {}): Promise<void> {
    await this.#request(`/v1/feedback/${encodeURIComponent(id)}`, [], { method: 'DELETE' }, signal);
  }

  /** The models to choose from. */
  async models({ signal }: Pick<RequestOptions, 'signal'> = {}): Promise<Models> {
    return (await this.#request('/v1/models', [], {}, signal)) as Models;
  }

  async #request(
    path: string,
    query: readonly Field[],
    init: RequestInit,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const timeout = () => AbortSignal.timeout(this.#options.timeoutMs);
    const signalOf = signal === undefined ? timeout : () => AbortSignal.any([signal, timeout()]);
    return await (await this.#send(path, query, { ...init, signal }, signalOf)).json();
  }

  /** The answer, once its head has come; a busy service is asked again, each time with a signal of its own. */
  async #send(
    path: string,
    query: readonly Field[],
    init: RequestInit,
    signalOf: () => AbortSignal,
  ): Promise<Response> {
    const search =
      query.length > 0 ? `?${new URLSearchParams(query.map((field): [string, string] => [...field]))}` : '';
    for (let retry = 0; ; retry++) {
      const response = await fetch(`${this.#base}${path}${search}`, {
        ...init,
        headers: { ...this.#headers, ...(init.headers as Record<string, string> | undefined) },
        signal: signalOf(),
      });
      if (response.ok) return response;
      const error = new ServiceError(response.status, await problemOf(response));
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      if (![429, 503].includes(response.status) || Number.isNaN(seconds) || retry >= this.#options.retries) throw error;
      await sleep(seconds * 1000, init.signal ?? undefined);
    }
  }
}

/** Aborts when nothing has come for a while, or with another signal. */
class Patience {
  readonly signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number, signal: AbortSignal | undefined) {
    this.#ms = ms;
    this.signal = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    this.renew();
  }

  renew(): void {
    clearTimeout(this.#timer);
    const reason = new DOMException('The service has sent nothing for too long.', 'TimeoutError');
    this.#timer = setTimeout(() => this.#stop.abort(reason), this.#ms);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }
}

/** The whole lines of an answer, as they come. */
async function* linesOf({ body }: Response): AsyncGenerator<string> {
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

/** A parameter; lists have one entry per line. */
type Field = readonly [name: string, value: string];

const MAX_QUERY_VALUE = 2000;

function fieldsOf(choice: Omit<RequestOptions, 'signal'>): Field[] {
  return Object.entries(choice).flatMap(([name, value]: [string, string | readonly string[] | undefined]) => {
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value : value.join('\n')]];
  });
}

function formOf(images: readonly ImageSource[], fields: readonly Field[]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  images.forEach((image, i) => form.append('images', image instanceof Blob ? image : new Blob([image]), `image-${i}`));
  return form;
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
  return await response.json().then(
    (body: unknown) => (typeof body === 'object' && body !== null ? body : {}),
    () => ({}),
  );
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
  });
}
