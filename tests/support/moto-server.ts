import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from './free-port.ts';

/** What `.ci/run` installs; otherwise one on the path. */
const installed = fileURLToPath(new URL('../../.cache/python/bin/moto_server', import.meta.url));
const program = existsSync(installed) ? installed : 'moto_server';

/** Whether there is moto's server; says so where there is none. */
export const hasMoto = spawnSync(program, ['--version']).error === undefined;
if (!hasMoto) console.warn("Skipped: there is no moto_server (PyPI: pip install 'moto[server,s3]').");

/** Moto's S3, which speaks the protocol of S3 on a free port of this machine, with one bucket; `process.env` leads the AWS SDK there. */
export class MotoServer {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async start(bucket: string): Promise<MotoServer> {
    const port = await freePort();
    const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    while (!(await fetch(`http://127.0.0.1:${port}/moto-api/`).catch(() => undefined))?.ok) await sleep(50);
    await new S3Client({}).send(new CreateBucketCommand({ Bucket: bucket }));
    return new MotoServer(child);
  }

  async close(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill();
    await gone;
  }
}
