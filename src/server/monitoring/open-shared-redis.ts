import { Redis } from 'ioredis';

const CONNECT_MS = 2000;
const COMMAND_MS = 2000;
const RETRY_MS = 1000;

/** A connection whose commands fail rather than wait while Redis is away, and which comes back by itself. */
export async function openSharedRedis(address: string): Promise<Redis> {
  const redis = new Redis(address, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RETRY_MS,
  });
  // Whoever sends a command is told of its error.
  redis.on('error', () => {});
  await redis.connect().catch(() => {});
  return redis;
}
