import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Text for Prometheus, as a registry of prom-client gives it. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** A port that serves nothing but `GET /metrics`, without a key: for a network that only the operator reaches. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a port, 0 for a free one; rejects with what the system says where it cannot. */
export async function startMetricsServer(source: MetricsSource, port: number, host: string): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    source.metrics().then(
      (text) => response.writeHead(200, { 'content-type': source.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
