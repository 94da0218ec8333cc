import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { addServeOptions, serveSettings } from './serve-options.ts';

afterEach(() => vi.unstubAllEnvs());

function parse(...args: string[]) {
  const command = addServeOptions(new Command('serve'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return serveSettings(command.parse(args, { from: 'user' }).opts());
}

test('flags are read, and may be repeated', () => {
  expect(
    parse('--port', '0', '--model', 'mlp', '--model', 'lenet', '--trust-proxy', '10.0.0.0/8', '--image-url'),
  ).toMatchObject({ port: 0, models: ['mlp', 'lenet'], trustProxy: ['10.0.0.0/8'], imageUrl: true, maxQueue: 256 });
});

const [ab, cd] = ['ab'.repeat(32), 'cd'.repeat(32)];

test('variables are read, and flags override them both ways', () => {
  vi.stubEnv('TEXT_RECOGNIZER_API_KEY_HASHES', ab);
  vi.stubEnv('TEXT_RECOGNIZER_IMAGE_URL', 'true');
  expect(parse()).toMatchObject({ apiKeyHashes: [ab], imageUrl: true });
  expect(parse('--no-image-url', '--api-key-hash', cd)).toMatchObject({ apiKeyHashes: [cd], imageUrl: false });
});

test.each([[['--trust-proxy']], [['--trust-proxy', '--port', '0']]])('%j is refused with advice', (args) => {
  expect(() => parse(...args)).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^--trust-proxy needs a value\. It must say which proxies to trust/),
    }),
  );
});

test('what an argument must be is said', () => {
  expect(() => parse('--log-level', 'loud')).toThrow(
    /'--log-level <level>' argument 'loud' is invalid\. It must be fatal, /,
  );
  expect(() => parse('--max-delay', '')).toThrow('It must be a whole number from 0.');
});

test('help names the variable and the default of each', () => {
  const help = addServeOptions(new Command('serve'), { logLevel: 'warn' }).helpInformation().replaceAll(/\s+/g, ' ');
  expect(help).toContain(
    '--rate-limit <requests> requests per minute from one address (default: unlimited, env: TEXT_RECOGNIZER_RATE_LIMIT)',
  );
  expect(help).toContain('(default: warn, env: TEXT_RECOGNIZER_LOG_LEVEL)');
  expect(help).not.toContain('--no-image-url');
});
