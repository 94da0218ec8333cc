import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Result {
  readonly kind: string;
  /** What the function returned: of HTTP events, a response. */
  readonly body: { readonly statusCode: number; readonly body: string };
}

/** The Runtime API as Lambda serves it: events are given out one at a time, and results come back by their id. */
export class RuntimeApi {
  readonly server: Server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      if (path === 'invocation/next') return this.#giveOut(response);
      const [, id, kind] = path.split('/');
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
      this.#results.get(id)?.({ kind, body: JSON.parse(body) });
    });
  });
  readonly #events: { id: string; event: unknown }[] = [];
  readonly #results = new Map<string, (result: Result) => void>();
  #asking: ((value?: unknown) => void) | undefined;
  #count = 0;

  /** Listens on a free port; resolves to what Lambda would put into `AWS_LAMBDA_RUNTIME_API`. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  invoke(event: unknown): Promise<Result> {
    const id = `request-${this.#count++}`;
    this.#events.push({ id, event });
    this.#asking?.();
    return new Promise((resolve) => this.#results.set(id, resolve));
  }

  async #giveOut(response: ServerResponse): Promise<void> {
    if (this.#events.length === 0) await new Promise((resolve) => (this.#asking = resolve));
    const { id, event } = this.#events.shift()!;
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + 30_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:123456789012:function:text-recognizer',
    });
    response.end(JSON.stringify(event));
  }
}
