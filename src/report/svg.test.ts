import sharp from 'sharp';
import { expect, test } from 'vitest';
import { element, label, svgDocument } from './svg.ts';

test('writes elements with short numbers', () => {
  expect(element('line', { x1: 1 / 3, class: 'a"b' })).toBe('<line x1="0.33" class="a&quot;b"/>');
  expect(element('g', {}, '<a/>')).toBe('<g><a/></g>');
  expect(label('1 < 2', { x: 1 })).toBe('<text x="1">1 &lt; 2</text>');
});

test('makes a file that a renderer draws, whatever the texts are', async () => {
  const texts = ['<script>', ']]>', '&amp;', '"\'', '\u0007\ufffe', '漢字'].map((text) =>
    label(text, { x: 5, y: 20, id: text }),
  );
  const { data, info } = await sharp(Buffer.from(svgDocument(40, 30, '', texts)))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([40, 30]);
  expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
});
