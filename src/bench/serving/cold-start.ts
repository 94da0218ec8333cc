import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { RuntimeApi } from '../../server/testing/runtime-api.ts';
import type { BenchmarkOptions, Figures } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { buildService, startService } from './service.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const starts = 7;
const subjects = {
  character: { model: 'character-cnn', image: 'data/emnist-sample/images/digit-2.png' },
  line: { model: 'line-recognizer', image: 'data/line-sample/your-merchandise.png' },
} as const;

/** Milliseconds from the start of a process to its first answer to a prediction: medians of seven. */
export async function benchColdStart({ threads }: BenchmarkOptions): Promise<Figures> {
  await buildService();
  const figures: Record<string, number> = {};
  for (const [name, { model, image }] of Object.entries(subjects)) {
    const body = await readFile(`${root}${image}`);
    // The first of each fills the file cache.
    const services = await repeat(async () => await firstAnswer(model, body, threads));
    figures[`${name}ServiceMs`] = percentile(services.slice(1), 0.5);
    const functions = await repeat(async () => await firstInvocation(model, body));
    figures[`${name}LambdaMs`] = percentile(functions.slice(1), 0.5);
  }
  return figures;
}

async function repeat(measure: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i <= starts; i++) times.push(await measure());
  return times;
}

async function firstAnswer(model: string, body: Buffer, threads: number): Promise<number> {
  const started = performance.now();
  const service = await startService(['--model', model, '--workers', String(threads)]);
  const headers = { 'content-type': 'image/png' };
  const response = await fetch(`${service.url}/v1/predict`, { method: 'POST', headers, body: new Uint8Array(body) });
  await response.json();
  const took = performance.now() - started;
  await service.stop();
  if (!response.ok) throw new Error(`The service answered ${response.status}.`);
  return took;
}

/** The same for the Lambda function, which gets its event from a Runtime API here. */
async function firstInvocation(model: string, body: Buffer): Promise<number> {
  const api = new RuntimeApi();
  const address = await api.listen();
  const answer = api.invoke({ image: `data:image/png;base64,${body.toString('base64')}` });
  const started = performance.now();
  const lambda = startFunction({ AWS_LAMBDA_RUNTIME_API: address, TEXT_RECOGNIZER_MODELS: model });
  const { kind } = await answer;
  const took = performance.now() - started;
  lambda.kill();
  await once(lambda, 'exit');
  api.close();
  if (kind !== 'response') throw new Error(`The function answered with an ${kind}.`);
  return took;
}

/** As the container runs it; the variable names the folder of a zip's function that is to be measured instead. */
function startFunction(environment: Readonly<Record<string, string>>): ChildProcess {
  const built = process.env.TEXT_RECOGNIZER_LAMBDA;
  const script = built === undefined ? `${root}dist/server/lambda/bootstrap.js` : `${built}/app/lambda/bootstrap.mjs`;
  return spawn(process.execPath, [script], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH, ...environment },
  });
}
