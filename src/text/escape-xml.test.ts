import { expect, test } from 'vitest';
import { escapeXml } from './escape-xml.ts';

test('markup is escaped, what XML forbids is left out', () => {
  expect(escapeXml('a<b> & "c"')).toBe('a&lt;b&gt; &amp; &quot;c&quot;');
  expect(escapeXml('\u0000\u001bé\ud800😀\uffff')).toBe('é😀');
});
