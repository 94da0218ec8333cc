import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TextRecognizerError } from '../../errors.ts';

/** A service in a process of its own, as it is deployed: compiled. */
export interface Service {
  readonly url: string;
  /** Memory that is resident, in bytes. */
  residentBytes(): Promise<number>;
  /** The most that was resident at any time, in bytes. */
  mostResidentBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** What the Docker image sets, so that glibc gives memory back to the system. */
const allocator = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '131072' } as const;

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Compiles the sources to dist/, which is what Docker's image runs. */
export async function buildService(): Promise<void> {
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    cwd: root,
  });
}

/** Starts `serve` with these arguments on any free port, and waits until it says where it is; throws WORKER_FAILED. */
export async function startService(args: readonly string[]): Promise<Service> {
  const all = ['--single-threaded-gc', 'dist/cli/main.js', 'serve', '--port', '0', '--log-level', 'error', ...args];
  const env = { ...allocator, ...process.env };
  const child = spawn(process.execPath, all, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const url = /Page:\s+(http:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      residentBytes: async () => await memoryOf(child.pid!, 'VmRSS'),
      mostResidentBytes: async () => await memoryOf(child.pid!, 'VmHWM'),
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new TextRecognizerError('WORKER_FAILED', `The service ended before it listened: node ${all.join(' ')}`);
}

/** Compiles the service, starts it with these arguments, measures it, and stops it whatever comes. */
export async function withService<T>(args: readonly string[], measure: (service: Service) => Promise<T>): Promise<T> {
  await buildService();
  const service = await startService(args);
  try {
    return await measure(service);
  } finally {
    await service.stop();
  }
}

/** What Linux says of a process in /proc, in bytes. */
async function memoryOf(pid: number, name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]);
}
