import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../errors.ts';
import { decodeText, decodeXml } from './decode-text.ts';

const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

test('text is read as its byte-order mark says', () => {
  expect(decodeText(Buffer.from('{"é": 1}'))).toBe('{"é": 1}');
  expect(decodeText(Buffer.from('efbbbf7b7d', 'hex'))).toBe('{}');
  expect(decodeText(Buffer.from('fffe7b007d00', 'hex'))).toBe('{}');
  expect(decodeText(Buffer.from('feff007b007d', 'hex'))).toBe('{}');
});

const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a t="né"/>`;

test.each([
  ['ISO-8859-1', Buffer.from(declared('ISO-8859-1'), 'latin1')],
  ['UTF-8 in single quotes', Buffer.from(declared('UTF-8').replaceAll('"', "'"))],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${declared('UTF-8')}`)],
  ['UTF-8 without a declaration', Buffer.from('<a t="né"/>')],
  ['UTF-8 that says it is UTF-16', Buffer.from(declared('UTF-16'))],
  ['UTF-16 little-endian with a mark', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le')],
  ['UTF-16 little-endian', Buffer.from(declared('UTF-16'), 'utf16le')],
  ['UTF-16 big-endian with a mark', bigEndian(`\ufeff${declared('UTF-16')}`)],
  ['UTF-16 big-endian', bigEndian(declared('UTF-16'))],
])('XML in %s', (_, bytes) => {
  expect(decodeXml(bytes)).toMatch(/^(?:<\?xml .*\?>)?<a t=["']né["']\/>$/);
});

test('says which encoding cannot be read', () => {
  expect(() => decodeXml(Buffer.from(declared('klingon')))).toThrow(/the encoding klingon is not known here/);
  expect(() => decodeXml(Buffer.from(declared('UTF-8'), 'latin1'))).toThrow(/its bytes are not UTF-8/);
});

test('any bytes give a text or an error of ours', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string().map((name) => Buffer.from(declared(name))),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      expect(typeof decodeText(input)).toBe('string');
      try {
        decodeXml(input);
      } catch (error) {
        expect(error).toBeInstanceOf(TextRecognizerError);
      }
    }),
  );
});
