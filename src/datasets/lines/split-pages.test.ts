import { expect, test } from 'vitest';
import { linesFromImages } from './memory-lines.ts';
import { splitPages } from './split-pages.ts';

/** 40 lines of one pixel on 10 pages. */
function lines() {
  const infos = Array.from({ length: 40 }, (_, i) => ({ id: `l${i}`, text: `t${i}`, page: `p${i % 10}` }));
  return linesFromImages('pages', infos.map(() => ({ width: 1, height: 1, data: Uint8Array.of(7) })), infos); // prettier-ignore
}

test('pages are set aside whole, the same ones for a seed', () => {
  const { kept, aside } = splitPages(lines(), 0.2, 3);
  const pages = (dataset: typeof kept) => new Set(dataset.lines.map(({ page }) => page));
  expect([kept.length, aside.length]).toEqual([32, 8]);
  expect([...pages(aside)].filter((page) => pages(kept).has(page))).toEqual([]);
  expect(pages(aside).size).toBe(2);
  expect(splitPages(lines(), 0.2, 3).aside.lines).toEqual(aside.lines);
});

test('a share that leaves nothing is refused', () => {
  expect(() => splitPages(lines(), 0.001, 1)).toThrow('leaves a part empty');
  expect(() => splitPages(lines(), 1, 1)).toThrow('leaves a part empty');
});
