import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';

/** MLflow's own variables, as its Python package reads them. */
export interface MlflowVariables {
  readonly MLFLOW_TRACKING_URI?: string;
  readonly MLFLOW_TRACKING_USERNAME?: string;
  readonly MLFLOW_TRACKING_PASSWORD?: string;
  readonly MLFLOW_TRACKING_TOKEN?: string;
}

/** A request that is not answered in this time has failed. */
const REQUEST_MS = 10_000;
/** Milliseconds per byte of a file on top, for 1 MB/s. */
const FILE_MS_PER_BYTE = 0.001;
/** A file whose size is not known yet may take this long. */
const ARTIFACT_MS = 600_000;

const errorSchema = z.object({ error_code: z.string(), message: z.string().default('') });

/** MLflow's REST API (https://mlflow.org/docs/latest/rest-api.html), as far as it is used here. */
export class MlflowClient {
  /** Without a slash at the end. */
  readonly uri: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal | undefined;

  /** Throws INVALID_ARGUMENT for an address that is none of an MLflow server. */
  constructor(variables: MlflowVariables, signal?: AbortSignal) {
    this.uri = (variables.MLFLOW_TRACKING_URI ?? 'http://127.0.0.1:5000').replace(/\/+$/, '');
    this.#headers = authorization(variables);
    this.#signal = signal;
    if (/^https?:\/\//.test(this.uri) && URL.canParse(this.uri)) return;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `MLFLOW_TRACKING_URI is '${this.uri}': give the address of an MLflow server, as http://127.0.0.1:5000 (mlflow server).`,
    );
  }

  /** The answer's body; throws TRACKER_FAILED, with MLflow's error code in the message, where there is no other answer. */
  async call(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    const answer = await this.#send(method, `/api/2.0/mlflow/${path}`, body);
    return await answer.json();
  }

  /** As `call`, but undefined where MLflow answers with this error code. */
  async callUnless(errorCode: string, ...call: Parameters<MlflowClient['call']>): Promise<unknown> {
    try {
      return await this.call(...call);
    } catch (error) {
      if (error instanceof TextRecognizerError && (error.cause as { error_code?: string })?.error_code === errorCode) {
        return undefined;
      }
      throw error;
    }
  }

  /** Stores a file at a path below the server's artifacts. */
  async putFile(path: string, file: string): Promise<void> {
    await this.#put(path, Readable.toWeb(createReadStream(file)) as ReadableStream, statSync(file).size);
  }

  /** Stores bytes at a path below the server's artifacts. */
  async putArtifact(path: string, bytes: Uint8Array): Promise<void> {
    await this.#put(path, Uint8Array.from(bytes), bytes.length);
  }

  /** The bytes at a path below the server's artifacts; undefined where there are none. */
  async getArtifact(path: string): Promise<Uint8Array | undefined> {
    const answer = await this.#answer(this.#artifactUrl(path), { headers: this.#headers }, ARTIFACT_MS);
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw await this.#refused(answer);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async #put(path: string, body: ReadableStream | Uint8Array<ArrayBuffer>, size: number): Promise<void> {
    const headers = { ...this.#headers, 'content-length': String(size) };
    // A body that is a stream needs `duplex`, which the types do not know yet.
    const init: RequestInit & { duplex: 'half' } = { method: 'PUT', headers, body, duplex: 'half' };
    await this.#fetch(this.#artifactUrl(path), init, REQUEST_MS + size * FILE_MS_PER_BYTE);
  }

  #artifactUrl(path: string): string {
    return `${this.uri}/api/2.0/mlflow-artifacts/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  async #send(method: string, path: string, body: Readonly<Record<string, unknown>>): Promise<Response> {
    const url = new URL(`${this.uri}${path}`);
    if (method === 'GET') {
      for (const [name, value] of Object.entries(body)) url.searchParams.set(name, String(value));
      return await this.#fetch(url.href, { headers: this.#headers }, REQUEST_MS);
    }
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    return await this.#fetch(url.href, { method, headers, body: JSON.stringify(body) }, REQUEST_MS);
  }

  async #fetch(url: string, init: RequestInit, limitMs: number): Promise<Response> {
    const answer = await this.#answer(url, init, limitMs);
    if (answer.ok) return answer;
    throw await this.#refused(answer);
  }

  async #answer(url: string, init: RequestInit, limitMs: number): Promise<Response> {
    const limit = AbortSignal.timeout(Math.ceil(limitMs));
    const signal = this.#signal ? AbortSignal.any([limit, this.#signal]) : limit;
    try {
      return await fetch(url, { ...init, signal });
    } catch (cause) {
      throw this.#unreachable(
        cause as Error,
        limit.aborted ? `no answer in ${Math.round(limitMs / 1000)} s` : undefined,
      );
    }
  }

  #unreachable(cause: Error, reason?: string): TextRecognizerError {
    const why = reason ?? (cause.cause as Error | undefined)?.message ?? cause.message;
    return new TextRecognizerError('TRACKER_FAILED', `MLflow at ${this.uri} cannot be reached: ${why}.`, { cause });
  }

  async #refused(answer: Response): Promise<TextRecognizerError> {
    const text = await answer.text().catch(() => '');
    const error = errorSchema.safeParse(parseJson(text)).data;
    const said = error ? `${error.error_code}: ${error.message}` : text.slice(0, 200);
    const path = new URL(answer.url).pathname;
    return new TextRecognizerError(
      'TRACKER_FAILED',
      `MLflow at ${this.uri} answered ${answer.status} to ${path}: ${said}`,
      { cause: error },
    );
  }
}

function authorization(variables: MlflowVariables): Record<string, string> {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  } = variables;
  if (token) return { authorization: `Bearer ${token}` };
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
