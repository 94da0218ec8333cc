import { expect, test } from 'vitest';
import { childrenOf, parseXmlTree } from './xml-tree.ts';

test('elements in the order of the file, with lines, text and attributes', () => {
  const root = parseXmlTree(
    '\n<?xml version="1.0"?>\n<!-- c --><p:a xmlns:p="u" x:y="1">\n  <b>one &lt; <![CDATA[&two]]></b>\n  <c/>\n<b z=""/></p:a>'.trim(),
  );
  expect([root.name, root.attributes.y, root.line]).toEqual(['a', '1', 2]);
  expect(root.children.map(({ name, text, line }) => [name, text, line])).toEqual([
    ['b', 'one < &two', 3],
    ['c', '', 4],
    ['b', '', 5],
  ]);
  expect(childrenOf(root, 'b')).toHaveLength(2);
});

test.each([
  ['<a>\n<b></a>', /Expected closing tag 'b'.* \(line 2\)/],
  ['', /This is not XML/],
  ['plain', /This is not XML/],
  ['<a>'.repeat(200) + '</a>'.repeat(200), /nested/],
])('refuses %#', (xml, message) => {
  expect(() => parseXmlTree(xml)).toThrow(
    expect.objectContaining({ code: 'DATASET_INVALID', message: expect.stringMatching(message) }),
  );
});

test('entities that multiply stay small', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
  const bomb = `<!DOCTYPE a [<!ENTITY e0 "${'ha'.repeat(50)}">${levels}]><a>&e9;</a>`;
  let size = 0;
  try {
    size = JSON.stringify(parseXmlTree(bomb)).length;
  } catch (error) {
    expect(error).toMatchObject({ code: 'DATASET_INVALID' });
  }
  expect(size).toBeLessThan(1000);
});

test('a file that no page needs is refused before it is parsed', () => {
  const xml = `<a>${' '.repeat(17 * 2 ** 20)}</a>`;
  expect(() => parseXmlTree(xml)).toThrow(/more than the 16777216 allowed/);
});
