import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { runCli, servedUrl, startCli } from './support/run-cli.ts';

test('serve takes its options from variables: a container that is given keys asks for them', async () => {
  const env = {
    PORT: '0',
    TEXT_RECOGNIZER_MODELS: 'mlp',
    TEXT_RECOGNIZER_WORKERS: '1',
    TEXT_RECOGNIZER_API_KEY_HASHES: createHash('sha256').update('open sesame').digest('hex'),
    TEXT_RECOGNIZER_LOG_LEVEL: 'silent',
  };
  const started = startCli(['serve'], { env });
  const { child, ending } = started;
  try {
    const url = await servedUrl(started);
    const status = async (headers?: Record<string, string>) => (await fetch(`${url}/v1/models`, { headers })).status;
    expect([await status(), await status({ 'x-api-key': 'open sesame' })]).toEqual([401, 200]);
  } finally {
    child.kill('SIGTERM');
    await ending;
  }
});

test('a variable that is unknown keeps it from starting', async () => {
  const { code, stderr } = await runCli(['serve', '--port', '0'], { env: { TEXT_RECOGNIZER_API_KEY_HASH: 'ab' } });
  expect(code).toBe(1);
  expect(stderr).toContain('did you mean TEXT_RECOGNIZER_API_KEY_HASHES?');
});
