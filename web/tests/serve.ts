import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CharacterPredictor } from '../../src/predictors/character-predictor.ts';
import { listModels } from '../../src/predictors/model-store.ts';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
};

/** A running site. */
export interface Site {
  readonly url: string;
  /** Paths with their methods, in the order in which they were asked for. */
  readonly requests: string[];
  /** Bytes of bodies that were sent. */
  sentBytes(): number;
  close(): Promise<void>;
}

/** Serves the built page and the part of the API that it uses, with the real predictor, on a free port. */
export async function serve(): Promise<Site> {
  const requests: string[] = [];
  let sent = 0;
  const models = (await listModels()).map(({ name, kind, description }) => ({ name, kind, description }));
  const predictor = await CharacterPredictor.load({ model: models[0].name });
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ title: 'Failed', detail: String(error) }));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/v1/models') return json(response, { default: models[0].name, models });
    if (pathname === '/v1/predict') return json(response, await predict(request));
    const file = join(dist, pathname === '/' ? 'index.html' : pathname);
    const { size } = await stat(file);
    sent += size;
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  }

  async function predict(request: IncomingMessage) {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { image } = JSON.parse(Buffer.concat(parts).toString()) as { image: string };
    const begin = performance.now();
    const { text, confidence, alternatives } = await predictor.predict(Buffer.from(image.split(',')[1], 'base64'));
    const timing = { total: performance.now() - begin };
    const characters = [{ text, confidence, alternatives, start: 0, end: 1 }];
    return { pred: text, conf: confidence, model: predictor.manifest.name, characters, alternatives, timing };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    requests,
    sentBytes: () => sent,
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await predictor.close();
    },
  };
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
