import { assert, ipV4, ipV6, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import {
  oneOf,
  parseBoolean,
  parseFile,
  parseKeyHashes,
  parseList,
  parseOrigins,
  parseTrustProxy,
  wholeNumber,
} from './parse-values.ts';

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });

test.each([
  ['true', true],
  ['YES', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['No', false],
  ['off', false],
  ['0', false],
])('%s is the boolean %s', (text, value) => expect(parseBoolean(text)).toBe(value));

test.each(['', ' ', '2', 'y', 'enabled', 'true,false', 'null'])('"%s" is not a boolean', (text) => {
  expect(() => parseBoolean(text)).toThrow(refused(/^It must be true, yes, on or 1, or false, no, off or 0\.$/));
});

test('whole numbers are decimal digits within bounds', () => {
  const port = wholeNumber(0, 65_535);
  expect(['0', '8000', '65535'].map(port)).toEqual([0, 8000, 65_535]);
  for (const text of ['', '-1', '65536', '1e3', '0x10', '1.5', ' 1', 'Infinity', 'tcp://10.0.0.1:80'])
    expect(() => port(text), text).toThrow(refused(/^It must be a whole number from 0 to 65535\.$/));
  expect(() => wholeNumber(1)('0')).toThrow(refused(/from 1\.$/));
});

test('lists leave out what is empty; choices name what there is; a file may be none', () => {
  expect(parseList(' a, b,,c ')).toEqual(['a', 'b', 'c']);
  expect(() => parseList(' , ')).toThrow(refused(/one value, or several/));
  const hash = 'aB'.repeat(32);
  expect(parseKeyHashes(`${hash},${hash}`)).toEqual([hash, hash]);
  for (const text of ['', ',', 'secret', `${hash},${hash}0`])
    expect(() => parseKeyHashes(text), text).toThrow(refused(/^It must be /));
  expect(oneOf(['info', 'warn'])('warn')).toBe('warn');
  expect(() => oneOf(['info', 'warn', 'silent'])('loud')).toThrow(refused(/^It must be info, warn or silent\.$/));
  expect(['no', 'a/model.bin'].map(parseFile)).toEqual([false, 'a/model.bin']);
});

test('origins are as browsers send them', () => {
  expect(parseOrigins('https://A.example/, http://b.example:8080,https://c.example:443')).toEqual([
    'https://a.example',
    'http://b.example:8080',
    'https://c.example',
  ]);
  for (const text of ['*', 'a.example', 'https://a.example/path', 'https://a.example/?q', 'ftp://a.example', 'null'])
    expect(() => parseOrigins(text), text).toThrow(refused(/must be the origin of a site, without a path/));
});

test.each([
  ['1', 1],
  ['2', 2],
  ['false', false],
  ['no', false],
  ['0', false],
  ['10.0.0.0/8', ['10.0.0.0/8']],
  ['10.0.0.1, fd00::/8,loopback', ['10.0.0.1', 'fd00::/8', 'loopback']],
])('proxies %s are %j', (text, value) => expect(parseTrustProxy(text)).toEqual(value));

test.each([
  '',
  'true',
  'yes',
  '-1',
  '1.5',
  '100',
  '10.0.0.0/33',
  '10.0.0/8',
  '0.0.0.0/0',
  '::/0',
  'fd00::/129',
  'proxy.local',
])('proxies "%s" are refused with advice', (text) =>
  expect(() => parseTrustProxy(text)).toThrow(refused(/^It must say which proxies to trust: .*10\.0\.0\.0\/8/)),
);

test('any text is a value or an INVALID_ARGUMENT', () => {
  const parsers = [wholeNumber(0, 9), parseBoolean, parseOrigins, parseTrustProxy, oneOf(['a', 'b'])];
  assert(
    property(oneof(string(), ipV4(), ipV6()), (text) => {
      for (const parse of parsers) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
        }
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});
