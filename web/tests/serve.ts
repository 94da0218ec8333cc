import { readFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { modelsToServe } from '../../src/models/models-to-serve.ts';
import { serve as serveApi } from '../../src/server/serve.ts';
import type { ServerOptions } from '../../src/server/http/server-options.ts';

/** A running site. */
export interface Site {
  readonly url: string;
  /** Methods and paths, in the order in which they were asked for. */
  readonly requests: string[];
  /** Bytes of bodies that were sent, as they went over the wire. */
  sentBytes(): number;
  close(): Promise<void>;
}

export interface SiteOptions extends ServerOptions {
  /** The folder of a line model that is served beside two bundled ones for characters, and lies beside the page as they do. */
  readonly lineModel?: string;
  /** The address to serve at; default `localhost`. */
  readonly address?: string;
}

/** Serves page and API as the project does, behind a proxy that counts, on a free port. */
export async function serve({ lineModel, address = 'localhost', ...server }: SiteOptions = {}): Promise<Site> {
  const requests: string[] = [];
  let sent = 0;
  const models = lineModel ? ['character-cnn', 'mlp', lineModel] : await modelsToServe();
  const pool = { models, workers: 1 };
  const api = await serveApi({ port: 0, host: '127.0.0.1', pool, server: { logLevel: 'silent', ...server } });
  const proxy = createServer(async (request, response) => {
    const { method, url: path = '/', headers } = request;
    requests.push(`${method} ${path}`);
    if (lineModel && path.startsWith(`/models/${basename(lineModel)}/`)) {
      const { pathname } = new URL(path, 'http://localhost');
      return void response.end(await readFile(join(dirname(lineModel), pathname.slice('/models/'.length))));
    }
    const onward = httpRequest({ host: '127.0.0.1', port: api.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (part: Buffer) => (sent += part.length));
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, address === 'localhost' ? '127.0.0.1' : address, resolve));
  return {
    url: `http://${address}:${(proxy.address() as AddressInfo).port}/`,
    requests,
    sentBytes: () => sent,
    async close() {
      if (!proxy.listening) return;
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await api.close();
    },
  };
}
