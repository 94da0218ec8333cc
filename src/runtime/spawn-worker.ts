import { Worker, type WorkerOptions } from 'node:worker_threads';
import { disableTelemetry } from './disable-telemetry.ts';
import { moduleToRun } from './module-to-run.ts';

/** Starts a worker thread from `url`, a module beside its caller: `new URL('./x.worker.ts', import.meta.url)`. */
export function spawnWorker(url: URL, options: WorkerOptions = {}): Worker {
  disableTelemetry();
  const { url: file, needsTsx } = moduleToRun(url);
  const execArgv = needsTsx ? [...(options.execArgv ?? []), '--import', registerTsx()] : options.execArgv;
  return new Worker(file, { ...options, execArgv });
}

/** A module that loads TypeScript on the thread that imports it; `--import tsx` does so on the main thread only. */
function registerTsx(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `data:text/javascript,${encodeURIComponent(`import { register } from ${api}; register();`)}`;
}
