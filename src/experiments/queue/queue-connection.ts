import { Redis } from 'ioredis';
import { TextRecognizerError } from '../../errors.ts';

const CONNECT_MS = 5000;
const RETRY_MS = 1000;

/** How BullMQ connects. */
export interface QueueConnection {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly tls: object | undefined;
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: () => number;
}

/** What BullMQ connects with, by `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS; throws INVALID_ARGUMENT. */
export function queueConnection(address: string): QueueConnection {
  const url = parseUrl(address);
  const database = /^\/?(\d*)$/.exec(url?.pathname ?? '/')?.[1];
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '' || database === undefined) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `'${address}' is not a Redis address; give redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// for TLS.`,
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 6379),
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db: Number(database || 0),
    tls: url.protocol === 'rediss:' ? {} : undefined,
    // A command that was sent while Redis is away waits until it is back.
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_MS,
  };
}

/** The address without its password, for messages. */
export function shownAddress({ host, port, db }: QueueConnection): string {
  return `redis://${host}:${port}/${db}`;
}

/** Throws QUEUE_UNAVAILABLE where no Redis of version 6.2 or later answers, or it refuses. */
export async function requireRedis(connection: QueueConnection): Promise<void> {
  const redis = new Redis({
    ...connection,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    retryStrategy: () => null,
    enableOfflineQueue: false,
  });
  let failure: unknown;
  redis.on('error', (error) => (failure = error));
  try {
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
    const [major, minor] = version.split('.').map(Number);
    if (major < 6 || (major === 6 && minor < 2)) throw new Error(`it is Redis ${version}, and 6.2 or later is needed`);
  } catch (error) {
    const { message } = (failure ?? error) as Error;
    throw new TextRecognizerError(
      'QUEUE_UNAVAILABLE',
      `The queue ${shownAddress(connection)} cannot be used: ${message}. Start redis-server there, or correct --queue.`,
      { cause: error },
    );
  } finally {
    redis.disconnect();
  }
}

function parseUrl(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
