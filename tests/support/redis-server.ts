import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

/** Whether there is a `redis-server`; says so where there is none. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('Skipped: there is no redis-server (Debian: apt-get install redis-server).');

/** A Redis on a free port of this machine that keeps all it was told, with a temporary folder. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, args: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#args = args;
  }

  static async start(...args: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'redis-')), args);
    await server.restart();
    return server;
  }

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it with the files that it has left. */
  async restart(): Promise<void> {
    const persistence = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder];
    this.#process = spawn('redis-server', [...place, ...persistence, ...this.#args], { stdio: 'ignore' });
    const redis = new Redis({ port: this.port, retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    // What needs a password answers, too.
    await redis.ping().catch(() => undefined);
    redis.disconnect();
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const process = this.#process!;
    const gone = process.exitCode === null && process.signalCode === null ? once(process, 'exit') : undefined;
    process.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    await sleep(0);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
