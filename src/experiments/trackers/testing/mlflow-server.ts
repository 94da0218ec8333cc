import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../../tests/support/free-port.ts';

/** A real MLflow server on a free port of this machine, with its files in a temporary folder. */
export async function startMlflow(python: string): Promise<{ readonly uri: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-'));
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  const places = ['--backend-store-uri', 'sqlite:///mlflow.db', '--artifacts-destination', './artifacts'];
  const address = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const server = spawn(python, ['-m', 'mlflow', 'server', ...places, ...address], {
    cwd: folder,
    env: { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
    stdio: 'ignore',
    // A group of its own, to end with all of its workers.
    detached: true,
  });
  while (!(await isUp(uri))) {
    if (server.exitCode !== null) throw new Error(`mlflow server ended with ${server.exitCode}`);
    await delay(200);
  }
  return {
    uri,
    async stop() {
      const ended = once(server, 'exit');
      process.kill(-server.pid!, 'SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isUp(uri: string): Promise<boolean> {
  return await fetch(`${uri}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
