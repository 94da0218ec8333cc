import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { createServer } from '../http/create-server.ts';
import { RecognizerPool, type RecognizerPoolOptions } from '../pool/recognizer-pool.ts';
import type { ServerOptions } from '../http/server-options.ts';

/** A server that listens on a free port of this machine. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pool: RecognizerPool;
  /** How many clients are connected. */
  connections(): Promise<number>;
  /** How many requests have begun. */
  requests(): number;
  close(): Promise<void>;
}

/** Starts the real thing: threads, model, sockets; with a deadline that a machine which is busy keeps as well. */
export async function runServer(
  options: ServerOptions = {},
  poolOptions: Partial<RecognizerPoolOptions> = {},
): Promise<RunningServer> {
  const pool = await RecognizerPool.start({ models: ['mlp'], workers: 1, deadlineMs: 60_000, ...poolOptions });
  const app = await createServer(pool, { logLevel: 'silent', docs: false, ...options }).catch(
    async (error: unknown) => {
      await pool.close();
      throw error;
    },
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  let requests = 0;
  app.server.on('request', () => requests++);
  const connections = promisify(app.server.getConnections.bind(app.server));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pool,
    connections,
    requests: () => requests,
    close: () => app.close(),
  };
}

/** A character of the bundled samples, as the bytes of its PNG. */
export function sampleImage(name: string): Buffer<ArrayBuffer> {
  return readFileSync(new URL(`../../../data/emnist-sample/images/${name}.png`, import.meta.url));
}

/** The same as a data URL. */
export function sampleDataUrl(name: string): string {
  return `data:image/png;base64,${sampleImage(name).toString('base64')}`;
}

/** A form with one file for each image. */
export function formOf(...images: readonly Uint8Array<ArrayBuffer>[]): FormData {
  const form = new FormData();
  images.forEach((image, i) => form.append('image', new Blob([image], { type: 'image/png' }), `${i}.png`));
  return form;
}

/** `fetch` options that send a value as JSON. */
export function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** `fetch` options that send an image as it is. */
export function raw(body: Uint8Array<ArrayBuffer>, type = 'image/png'): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, body };
}

/** What a test looks at in any answer of the service. */
export interface Answer {
  readonly pred: string;
  readonly conf: number;
  readonly characters: readonly object[];
  readonly words: readonly object[];
  readonly lines: readonly object[];
  readonly alternatives: readonly { readonly text: string }[];
  readonly timing: Readonly<Record<string, number>>;
  readonly predictions: readonly unknown[];
  readonly default: string;
  readonly models: readonly { readonly classes: readonly string[] }[];
  readonly code: string;
  readonly type: string;
  readonly detail: string;
  readonly request_id: string;
}

/** The JSON of a response. */
export async function answerOf(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}
