import { describe, expect, test } from 'vitest';
import { freePort } from '../../../tests/support/free-port.ts';
import { hasRedis, RedisServer } from '../../../tests/support/redis-server.ts';
import { queueConnection, requireRedis, shownAddress } from './queue-connection.ts';

test.each([
  ['redis://queue.example', { host: 'queue.example', port: 6379, db: 0, username: undefined, password: undefined }],
  ['redis://:p%40ss@10.0.0.1:7000/3', { host: '10.0.0.1', port: 7000, db: 3, password: 'p@ss' }],
  ['rediss://me:secret@[::1]', { host: '::1', username: 'me', password: 'secret', tls: {} }],
])('reads %s', (address, connection) => {
  expect(queueConnection(address)).toMatchObject(connection);
});

test.each(['', 'localhost:6379', 'http://localhost', 'redis://', 'redis://host/name', 'redis://host:x'])(
  "'%s' is no address",
  (address) => {
    expect(() => queueConnection(address)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  },
);

test('messages do not show the password', () => {
  expect(shownAddress(queueConnection('redis://me:secret@host'))).toBe('redis://host:6379/0');
});

test('says when nobody listens', async () => {
  const address = `redis://127.0.0.1:${await freePort()}`;
  await expect(requireRedis(queueConnection(address))).rejects.toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
});

describe.skipIf(!hasRedis)('a Redis with a password', () => {
  test('refuses others', async () => {
    const server = await RedisServer.start('--requirepass', 'secret');
    const connection = (user: string) => queueConnection(server.address.replace('//', `//${user}`));
    try {
      await expect(requireRedis(connection(''))).rejects.toMatchObject({
        code: 'QUEUE_UNAVAILABLE',
        message: expect.stringContaining('NOAUTH') as string,
      });
      await expect(requireRedis(connection(':wrong@'))).rejects.toMatchObject({
        code: 'QUEUE_UNAVAILABLE',
        message: expect.stringContaining('WRONGPASS') as string,
      });
      await expect(requireRedis(connection(':secret@'))).resolves.toBeUndefined();
    } finally {
      await server.close();
    }
  });
});
