import { Worker, type WorkerOptions } from 'node:worker_threads';
import { disableTelemetry } from './disable-telemetry.ts';

/**
 * Starts a worker thread from `url`, a module beside its caller: `new URL('./x.worker.ts', import.meta.url)`. In a clone that is
 * TypeScript, which tsx loads there as well; when compiled, it is the `.js` beside the compiled caller.
 */
export function spawnWorker(url: URL, options: WorkerOptions = {}): Worker {
  disableTelemetry();
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(url.href.replace(/\.ts$/, '.js')), options);
  return new Worker(url, { ...options, execArgv: [...(options.execArgv ?? []), '--import', registerTsx()] });
}

/** A module that loads TypeScript on the thread that imports it; `--import tsx` does so on the main thread only. */
function registerTsx(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `data:text/javascript,${encodeURIComponent(`import { register } from ${api}; register();`)}`;
}
