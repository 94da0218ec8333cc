import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { memoryDataset } from '../memory-dataset.ts';
import { emnistLineEditions, emnistLineTexts, emnistLines } from './emnist-lines.ts';
import { drawnLines } from '../lines/memory-lines.ts';
import { openLineSource } from '../lines/open-line-source.ts';

/** Per class `perClass` glyphs of `size`×`size`, each of one shade: class c has the shades 100 c + 1, 100 c + 2, … */
function shades(classes: string, perClass: number, size: number) {
  const count = classes.length * perClass;
  const shade = (i: number) => 100 * Math.floor(i / perClass) + (i % perClass) + 1;
  return memoryDataset({
    name: 'shades',
    classes: [...classes],
    height: size,
    width: size,
    images: Uint8Array.from({ length: count * size * size }, (_, at) => shade(Math.floor(at / size / size))),
    labels: Uint8Array.from({ length: count }, (_, i) => Math.floor(i / perClass)),
  });
}

const plain = { maxLength: 40, height: 2, overlap: [0, 0] } as const;

function set(text: string, options: Parameters<typeof emnistLines>[0]['options'], characters = shades('abc', 50, 2)) {
  return emnistLines({ name: 'x', characters, texts: [text], options });
}

test('sets glyphs of the right class side by side, a space as a gap', () => {
  const { width, data } = set('ab c', plain).image(0, new Random(1));
  expect(width).toBe(8);
  const top = [...data.subarray(0, 8)];
  expect(top.map((shade) => Math.floor(shade / 100))).toEqual([0, 0, 1, 1, 0, 0, 2, 2]);
  expect(top.slice(4, 6)).toEqual([0, 0]);
  expect([...data.subarray(8)]).toEqual(top);
});

test('draws a glyph of its own for every repeat of a character', () => {
  const { data } = set('aaaaaaaaaaaaaaaaaaaa', plain).image(0, new Random(1));
  expect(new Set(data).size).toBeGreaterThan(10);
});

test('keeps the brighter pixel where glyphs overlap', () => {
  // Two glyphs 2 wide that overlap by half: 3 columns, the middle one is max(201…250, 101…150), not their sum modulo 256.
  const { width, data } = set('cb', { ...plain, overlap: [0.5, 0.5] }).image(0, new Random(3));
  expect(width).toBe(3);
  expect([...data.subarray(0, 3)].map((shade) => Math.floor(shade / 100))).toEqual([2, 2, 1]);
});

test('leaves out what has no glyph, in image and text alike', () => {
  const lines = set(' a, b! ', plain);
  expect(lines.lines[0]).toEqual({ id: 'x-0', text: 'a b' });
  expect(lines.image(0).width).toBe(6);
  expect(() => set('?!', plain)).toThrow(/"\?!" cannot be a line: 0 of its characters have glyphs/);
});

test('the editions have the sizes of the course, and every line of theirs fits', () => {
  const characters = shades('abc', 3, 28);
  for (const [edition, size] of [
    ['2018', [28, 952]],
    ['2021', [56, 1024]],
  ] as const) {
    // prettier-ignore
    const options = emnistLineEditions[edition];
    const texts = ['c', 'c'.repeat(options.maxLength)];
    const lines = emnistLines({ name: edition, characters, texts, options });
    for (let seed = 0; seed < 20; seed++) {
      const image = lines.image(1, new Random(seed));
      expect([image.height, image.width]).toEqual(size);
      expect(image.data.filter((shade) => shade > 0).length).toBeGreaterThan(1000);
      if (edition === '2018') continue;
      const rim = image.data.filter((_, at) => {
        const [x, y] = [at % image.width, Math.floor(at / image.width)];
        return y === 0 || y === image.height - 1 || x === image.width - 1;
      });
      expect(Math.max(...rim)).toBe(0);
    }
  }
});

test('is the same for the same seed, on any thread, drawn now or kept', async () => {
  const characters = shades('abc', 30, 28);
  const options = emnistLineEditions['2021'];
  const texts = ['abc abc', 'cab'];
  const lines = emnistLines({ name: 'x', characters, texts, options });
  const kept = drawnLines(lines, 42);
  const opened = await openLineSource(structuredClone(lines.source));
  for (const index of [0, 1]) {
    const drawn = lines.image(index, Random.of(42, index));
    expect(kept.image(index)).toEqual(drawn);
    expect(opened.image(index, Random.of(42, index))).toEqual(drawn);
    expect(lines.image(index, Random.of(43, index))).not.toEqual(drawn);
  }
  expect(kept.lines).toEqual(lines.lines);
});

test('texts of an edition are spelled with the available classes', () => {
  const texts = emnistLineTexts(['Abc, "cab"?', '!'], shades('abc', 1, 2), { maxLength: 6, count: 50 });
  expect(texts).toHaveLength(50);
  expect(new Set(texts)).toEqual(new Set(['bc', 'cab', 'bc cab']));
});

test('refuses characters and options that make no lines', () => {
  expect(() => set('a', { ...plain, overlap: [0.4, 0.2] })).toThrow(
    /overlap must lie within \[0, 1\), not \[0.4, 0.2\]/,
  );
  expect(() => set('a', { ...plain, height: 1 })).toThrow(/characters 2 high do not fit into lines 1 high/);
  expect(() => set('a', { ...plain, width: 79 })).toThrow(/40 characters can be 80 pixels wide, more than the 79/);
  expect(() => set('a', plain).image(1)).toThrow(/no item 1/);
});
