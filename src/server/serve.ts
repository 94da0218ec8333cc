import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { TextRecognizerError } from '../errors.ts';
import { RecognizerPool, type RecognizerPoolOptions } from './pool/recognizer-pool.ts';
import type { ServerOptions } from './http/server-options.ts';

export interface ServeOptions {
  readonly port: number;
  /** The name or address to listen on; `0.0.0.0` for all networks of this machine. */
  readonly host: string;
  readonly pool: RecognizerPoolOptions;
  readonly server?: ServerOptions;
}

/** A service that listens; `close` answers what it accepted, then ends it. */
export interface Serving {
  readonly port: number;
  readonly models: readonly string[];
  close(): Promise<void>;
}

/** Where the page is once it is built. */
const builtPage = fileURLToPath(new URL('../../web/dist/', import.meta.url));

/**
 * Loads the models on threads and listens; throws PORT_UNAVAILABLE, INVALID_ARGUMENT, MODEL_NOT_FOUND, MODEL_INVALID or
 * CHECKSUM_MISMATCH.
 */
export async function serve({ port, host, pool: poolOptions, server }: ServeOptions): Promise<Serving> {
  // One thread loads the models while this one loads Fastify; more would take the cores from both.
  const starting = RecognizerPool.start({ ...poolOptions, workers: 1 });
  starting.catch(() => {});
  const { createServer } = await import('./http/create-server.ts');
  const pool = await starting;
  const app = await createServer(pool, { pageFolder: builtPage, ...server }).catch(async (error: unknown) => {
    await pool.close();
    throw error;
  });
  await listen(app, port, host);
  pool.grow(poolOptions.workers ?? availableParallelism());
  const [address] = app.addresses() as AddressInfo[];
  return { port: address.port, models: pool.models.map(({ manifest }) => manifest.name), close: () => app.close() };
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<void> {
  try {
    await app.listen({ port, host });
  } catch (cause) {
    await app.close();
    throw portError(port, host, cause);
  }
}

function portError(port: number, host: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const other = `--port ${port === 65_535 ? 8000 : port + 1}`;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use by another program. Stop it, or choose another port: ${other} (npm start -- ${other}).`,
    EACCES: `Port ${port} is reserved for the system's administrator. Choose one from 1024 on: --port 8000.`,
    EADDRNOTAVAIL: `This machine has no network address ${host}. Use --host localhost, or --host 0.0.0.0 for all.`,
    ENOTFOUND: `There is no host '${host}'. Use --host localhost, or --host 0.0.0.0 for all networks.`,
  };
  return code in reasons ? new TextRecognizerError('PORT_UNAVAILABLE', reasons[code], { cause }) : cause;
}
