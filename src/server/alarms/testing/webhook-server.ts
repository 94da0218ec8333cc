import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { AlarmEvent } from '../../monitoring/drift-report.ts';

export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly alarm: AlarmEvent;
}

/** A receiver of webhooks on this machine that keeps what it gets. */
export interface WebhookServer {
  readonly url: string;
  readonly port: number;
  readonly deliveries: readonly Delivery[];
  /** The deliveries, once there are so many. */
  received(count: number): Promise<readonly Delivery[]>;
  close(): Promise<void>;
}

/** Listens on a free port, or on a given one; `answer` answers each delivery, by default with 204. */
export async function startWebhook(
  answer: (response: ServerResponse, attempt: number) => void = (response) => response.writeHead(204).end(),
  port = 0,
): Promise<WebhookServer> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      deliveries.push({ headers: request.headers, body, alarm: (JSON.parse(body) as { alarm: AlarmEvent }).alarm });
      answer(response, deliveries.length);
      server.emit('delivery');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    port: address.port,
    deliveries,
    async received(count) {
      while (deliveries.length < count) await once(server, 'delivery');
      return deliveries;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
