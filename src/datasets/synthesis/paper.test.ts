import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { addPaper } from './paper.ts';

/** White paper, 100 × 20, with a dot of ink. */
function paper() {
  const data = new Uint8Array(2000);
  data[10 * 100 + 5] = 250;
  return { width: 100, height: 20, data };
}

test('leaves paper plain unless asked', () => {
  const line = paper();
  addPaper(line, {}, new Random(1));
  expect(line).toEqual(paper());
});

test('rules run along the line, low, and keep the ink', () => {
  for (let seed = 0; seed < 30; seed++) {
    const line = paper();
    addPaper(line, { ruled: 1 }, new Random(seed));
    expect(line.data[1005]).toBe(250);
    const rows = Array.from({ length: 20 }, (_, y) => line.data.subarray(y * 100, y * 100 + 100));
    const drawn = rows.flatMap((row, y) => (row.filter((ink) => ink > 20).length >= 8 ? [y] : []));
    expect(drawn.length).toBeGreaterThanOrEqual(1);
    expect(drawn.length).toBeLessThanOrEqual(4);
    expect(drawn[0]).toBeGreaterThanOrEqual(9);
  }
});

test('the other side shows mirrored and pale', () => {
  const seen = [1, 2, 3, 4, 5, 6].map((seed) => {
    const line = paper();
    addPaper(line, { showThrough: 1 }, new Random(seed));
    return [...line.data].filter((ink) => ink > 0);
  });
  expect(seen.every((ink) => ink.includes(250))).toBe(true);
  const pale = seen.flat().filter((ink) => ink < 250);
  expect(pale.length).toBeGreaterThan(2);
  expect(Math.max(...pale)).toBeLessThanOrEqual(125);
});
