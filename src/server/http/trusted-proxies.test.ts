import { expect, test } from 'vitest';
import type { TrustProxy } from '../../options/parse-values.ts';
import { createServer } from './create-server.ts';
import { InlineRecognizer } from '../lambda/inline-recognizer.ts';

/** Asks five times where three a minute are allowed, each time with another address on the left of X-Forwarded-For. */
async function statuses(trustProxy: TrustProxy, real: (request: number) => string = () => '198.51.100.7') {
  const service = await InlineRecognizer.start({ models: ['mlp'] });
  const app = await createServer(service, { trustProxy, requestsPerMinute: 3, docs: false, logLevel: 'silent' });
  const found: number[] = [];
  for (let i = 0; i < 5; i++) {
    const headers = { 'x-forwarded-for': `203.0.113.${i}, ${real(i)}` };
    found.push((await app.inject({ url: '/v1/models', remoteAddress: '127.0.0.1', headers })).statusCode);
  }
  await app.close();
  return found;
}

const limited = [200, 200, 200, 429, 429];
const each = [200, 200, 200, 200, 200];

test.each<[TrustProxy]>([[1], [['127.0.0.0/8']], [['loopback']]])(
  'behind the proxies %j, a forged address on the left does not evade the rate limit',
  async (trustProxy) => expect(await statuses(trustProxy)).toEqual(limited),
);

test('behind one proxy, clients are told apart by what it says', async () => {
  expect(await statuses(1, (i) => `198.51.100.${i}`)).toEqual(each);
});

test('one client does not evade the rate limit with the addresses of its IPv6 network', async () => {
  expect(await statuses(1, (i) => `2001:db8:1:2::${i}`)).toEqual(limited);
  expect(await statuses(1, (i) => `2001:db8:1:${i}::1`)).toEqual(each);
});

test('two proxies are counted from the right', async () => {
  expect(await statuses(2, (i) => `10.0.0.${i}`)).toEqual(each);
  expect(await statuses(2, (i) => `198.51.100.7, 10.0.0.${i}`)).toEqual(limited);
});

test.each<[TrustProxy]>([[false], [['10.0.0.0/8']]])('proxies %j: another peer is not believed', async (trustProxy) => {
  expect(await statuses(trustProxy, (i) => `198.51.100.${i}`)).toEqual(limited);
});
