import { expect, test } from 'vitest';
import { lambdaVariables } from './lambda-variables.ts';
import { readServiceOptions } from './read-service-options.ts';

const refused = (message: string) =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) });

test('without any, the defaults', () => {
  expect(readServiceOptions({})).toEqual({
    port: 8000,
    host: 'localhost',
    licence: 'any',
    models: undefined,
    languageModel: undefined,
    workers: undefined,
    threads: 1,
    maxBatch: 32,
    maxDelay: 2,
    maxQueue: 256,
    maxBodies: 96,
    deadline: 10_000,
    drain: 8000,
    imageUrl: false,
    apiKeyHashes: undefined,
    corsOrigins: undefined,
    rateLimit: undefined,
    trustProxy: undefined,
    monitoring: true,
    metricsPort: undefined,
    expectedRunTime: 250_000,
    monitoringFolder: undefined,
    referenceRequests: undefined,
    feedbackDays: 90,
    feedbackMax: 1024,
    logAddresses: false,
    logLevel: 'info',
  });
});

test('every option has its variable', () => {
  const hashes = ['a'.repeat(64), 'b'.repeat(64)];
  expect(
    readServiceOptions({
      TEXT_RECOGNIZER_HOST: '0.0.0.0',
      TEXT_RECOGNIZER_MODELS: 'mlp, lenet',
      TEXT_RECOGNIZER_LANGUAGE_MODEL: 'no',
      TEXT_RECOGNIZER_LICENCE: 'free',
      TEXT_RECOGNIZER_WORKERS: '3',
      TEXT_RECOGNIZER_IMAGE_URL: 'true',
      TEXT_RECOGNIZER_API_KEY_HASHES: hashes.join(','),
      TEXT_RECOGNIZER_CORS_ORIGINS: 'https://a.example/',
      TEXT_RECOGNIZER_RATE_LIMIT: '60',
      TEXT_RECOGNIZER_TRUST_PROXY: '1',
      TEXT_RECOGNIZER_LOG_LEVEL: 'warn',
    }),
  ).toMatchObject({
    host: '0.0.0.0',
    models: ['mlp', 'lenet'],
    languageModel: false,
    licence: 'free',
    workers: 3,
    imageUrl: true,
    apiKeyHashes: hashes,
    corsOrigins: ['https://a.example'],
    rateLimit: 60,
    trustProxy: 1,
    logLevel: 'warn',
  });
});

test.each(['false', '0', 'no', '', ' '])('TEXT_RECOGNIZER_IMAGE_URL=%s and TRUST_PROXY=%s are off', (text) => {
  const settings = readServiceOptions({ TEXT_RECOGNIZER_IMAGE_URL: text, TEXT_RECOGNIZER_TRUST_PROXY: text });
  expect(settings.imageUrl).toBe(false);
  expect(settings.trustProxy || undefined).toBeUndefined();
});

test('nonsense is refused with its name', () => {
  expect(() => readServiceOptions({ TEXT_RECOGNIZER_IMAGE_URL: 'maybe' })).toThrow(
    refused('The variable TEXT_RECOGNIZER_IMAGE_URL is "maybe". It must be true'),
  );
  expect(() => readServiceOptions({ TEXT_RECOGNIZER_TRUST_PROXY: 'true' })).toThrow(refused('which proxies to trust'));
  expect(() => readServiceOptions({ PORT: 'http' })).toThrow(refused('The variable PORT is "http".'));
});

test('flags override variables, the own variable overrides PORT, and other defaults the table', () => {
  const env = { PORT: '3000', TEXT_RECOGNIZER_IMAGE_URL: 'yes', TEXT_RECOGNIZER_MODELS: 'mlp' };
  expect(readServiceOptions(env).port).toBe(3000);
  expect(readServiceOptions({ ...env, TEXT_RECOGNIZER_PORT: '4000' }).port).toBe(4000);
  expect(readServiceOptions({ ...env, TEXT_RECOGNIZER_PORT: '' }).port).toBe(3000);
  const flags = { port: 0, imageUrl: false, models: ['lenet'] };
  expect(readServiceOptions(env, { flags })).toMatchObject(flags);
  expect(readServiceOptions({}, { defaults: { logLevel: 'warn' } }).logLevel).toBe('warn');
  expect(readServiceOptions({ TEXT_RECOGNIZER_LOG_LEVEL: 'debug' }, { defaults: { logLevel: 'warn' } }).logLevel).toBe(
    'debug',
  );
});

test('Kubernetes sets TEXT_RECOGNIZER_PORT to the address of a service of that name: that is not a port to listen on', () => {
  expect(readServiceOptions({ TEXT_RECOGNIZER_PORT: 'tcp://10.0.0.1:80', PORT: '5000' }).port).toBe(5000);
});

test('AWS Lambda refuses what has no effect there', () => {
  expect(readServiceOptions({ TEXT_RECOGNIZER_MODELS: 'mlp' }, { platform: 'lambda' }).models).toEqual(['mlp']);
  expect(() => readServiceOptions({ TEXT_RECOGNIZER_WORKERS: '2' }, { platform: 'lambda' })).toThrow(
    refused('TEXT_RECOGNIZER_WORKERS has no effect on AWS Lambda'),
  );
});

test('a deployment passes on what has an effect, and refuses what the function would', () => {
  const env = { TEXT_RECOGNIZER_MODELS: 'mlp', TEXT_RECOGNIZER_RATE_LIMIT: '', TEXT_RECOGNIZER_PORT: '1', PATH: 'x' };
  expect(lambdaVariables(env)).toEqual({ TEXT_RECOGNIZER_MODELS: 'mlp' });
  expect(() => lambdaVariables({ TEXT_RECOGNIZER_IMAGE_URL: 'maybe' })).toThrow(refused('IMAGE_URL is "maybe"'));
  expect(() => lambdaVariables({ TEXT_RECOGNIZER_MODEL: 'mlp' })).toThrow(
    refused('did you mean TEXT_RECOGNIZER_MODELS?'),
  );
});
