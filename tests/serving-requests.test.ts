import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { runServer } from '../src/server/testing/run-server.ts';

/* Runs the requests of docs/serving.md as they are there, but for the port. */

const root = fileURLToPath(new URL('..', import.meta.url));
const script = `${root}/tests/.serving-request.${process.pid}.ts`;
const document = readFileSync(`${root}/docs/serving.md`, 'utf8');
const server = await runServer();
afterAll(async () => {
  rmSync(script, { force: true });
  await server.close();
});

const requests = [...document.matchAll(/^```(sh|ts|python)\n(.*?)^```/gms)].map(([, language, code]) => ({
  language,
  code,
}));
const run = promisify(execFile);
const options = { cwd: root };

async function output(language: string, code: string): Promise<string> {
  if (language === 'sh') return (await run('sh', ['-c', code], options)).stdout;
  if (language === 'python') return (await run('python3', ['-c', code], options)).stdout;
  writeFileSync(script, code);
  return (await run(process.execPath, ['--import', 'tsx', '--conditions', 'text-recognizer-source', script], options))
    .stdout;
}

test('there are requests for three languages', () => {
  expect(requests.map(({ language }) => language)).toEqual(['sh', 'sh', 'sh', 'ts', 'python', 'sh']);
});

test.for(requests)('the $language request works', async ({ language, code }, context) => {
  try {
    const answer = await output(language, code.replaceAll('http://localhost:8000', server.url));
    expect(JSON.parse(answer)).toMatchObject({ pred: '2' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    context.skip(`${language} is not installed here`);
  }
});
