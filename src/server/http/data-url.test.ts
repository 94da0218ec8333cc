import { expect, test } from 'vitest';
import { bytesOfDataUrl } from './data-url.ts';

test.each([
  ['data:image/png;base64,AQID', [1, 2, 3]],
  ['data:image/png;base64,AQI=', [1, 2]],
  ['data:image/png;base64,AQ', [1]],
  ['DATA:IMAGE/PNG;BASE64,AQ\r\nID', [1, 2, 3]],
  ['data:;base64,_-8', [255, 239]],
  ['data:image/png;base64,', []],
])('%j holds %j', (url, bytes) => expect([...bytesOfDataUrl(url)]).toEqual(bytes));

test.each([
  '',
  'AQID',
  'data:image/png,AQID',
  'data:image/png;base64',
  'data:;base64,A',
  'data:;base64,AQ!D',
  'data:;base64,AQIDé',
])('%j is INVALID_REQUEST', (url) =>
  expect(() => bytesOfDataUrl(url)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' })),
);
