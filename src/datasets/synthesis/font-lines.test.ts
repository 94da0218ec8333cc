import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { FontFace } from './font-face.ts';
import { fontLines } from './font-lines.ts';
import { handwritingFonts } from './handwriting-fonts.ts';
import { openLineSource } from '../lines/open-line-source.ts';
import { measureOutline } from './outline.ts';
import { unwrapWoff } from './unwrap-woff.ts';

const path = fileURLToPath(import.meta.resolve('@fontsource/patrick-hand/files/patrick-hand-latin-400-normal.woff'));
const font = { name: 'patrick-hand', path };
const face = new FontFace(font.name, path);

test('sets glyphs with the advances and shapes that fontTools finds', () => {
  const glyphs = face.set('A o');
  expect(glyphs.map(({ x, advance, isSpace }) => [x, advance, isSpace])).toEqual([
    [0, expect.closeTo(0.488, 6), false],
    [expect.closeTo(0.488, 6), expect.closeTo(0.23, 6), true],
    [expect.closeTo(0.718, 6), expect.closeTo(0.403, 6), false],
  ]);
  // Areas by fontTools' AreaPen: A 113,477 and o 84,113 of a million square units.
  expect(measureOutline(glyphs[0].outline).area).toBeCloseTo(0.1135, 3);
  expect(measureOutline(glyphs[2].outline).area).toBeCloseTo(0.0841, 3);
  expect(face.measure('Vg')).toEqual({
    advance: expect.closeTo(0.562 + 0.445, 6),
    bottom: expect.closeTo(-0.312, 6),
    top: expect.closeTo(0.662, 6),
  });
});

test('knows which characters the font has', () => {
  expect(face.covers('Élève, œuvre à 12 €?')).toBe(true);
  expect(face.covers('aπ')).toBe(false);
});

test('draws every letter of a line, in its place', () => {
  const lines = fontLines('x', [font], ['iiii', 'i i'], { slant: 0, paper: {} });
  const image = lines.image(0, new Random(2));
  const inked = Array.from({ length: image.width }, (_, x) => {
    let most = 0;
    for (let y = 0; y < 64; y++) most = Math.max(most, image.data[y * image.width + x]);
    return most > 100;
  });
  expect(inked.filter((ink, x) => ink && !inked[x - 1])).toHaveLength(4);
  expect(image.height).toBe(64);
});

test('estimates widths well enough to group lines by', () => {
  const text = 'The estimate knows nothing of kerning, but of the hand';
  const lines = fontLines('x', [font], [text]);
  for (let seed = 0; seed < 20; seed++) {
    const ratio = lines.image(0, new Random(seed)).width / lines.width(0, new Random(seed));
    expect(Math.abs(ratio - 1)).toBeLessThan(0.2);
  }
});

test('strokes get the width that is asked for, within what the font bears', () => {
  const ink = (width: number) => {
    const lines = fontLines('x', [font], ['Églog'], { strokeWidth: [width, 0] });
    return lines.image(0, new Random(1)).data.reduce((sum, value) => sum + value, 0);
  };
  expect(ink(2.5) / ink(5)).toBeLessThan(0.75);
  expect(ink(40)).toBe(ink(80));
});

test('differs for every random stream, but is the same on all threads', async () => {
  const paper = { ruled: 0.5, showThrough: 0.5 };
  const lines = fontLines('x', [font], ['Bonjour à tous', 'Hello'], { paper });
  const opened = await openLineSource(structuredClone(lines.source));
  const images = [1, 2, 3].map((seed) => lines.image(0, new Random(seed)));
  images.forEach((image, i) => expect(opened.image(0, new Random(i + 1))).toEqual(image));
  expect(new Set(images.map(({ data }) => Buffer.from(data).toString('base64'))).size).toBe(3);
  expect(lines.lines[0]).toEqual({ id: 'x-0', text: 'Bonjour à tous' });
});

test('explains texts and files that it cannot use', async () => {
  expect(() => fontLines('x', [font], ['ok', 'aπ'])).toThrow(/none of the 1 fonts can write x-1, "aπ"/);
  expect(() => fontLines('x', [font], [' '])).toThrow(/none of the 1 fonts/);
  expect(() => new FontFace('gone', '/nowhere.woff')).toThrow(/npm ci --prefix data\/font-lines/);
  const broken = join(await mkdtemp(join(tmpdir(), 'font-')), 'broken.woff');
  await writeFile(broken, 'not a font');
  expect(() => new FontFace('broken', broken)).toThrow(/cannot be read as a font/);
});

test('the fonts for training are installed apart, and say so', () => {
  expect(() => handwritingFonts('/nowhere')).toThrow(/not installed at .* `npm ci --prefix data\/font-lines`/);
  const catalogue = new URL('../../../data/font-lines/', import.meta.url);
  const read = (file: string) => JSON.parse(readFileSync(new URL(file, catalogue), 'utf8'));
  const names = read('fonts.json').map(({ name }: { name: string }) => `@fontsource/${name}`);
  expect(names).toEqual(Object.keys(read('package.json').dependencies));
  expect(names.length).toBeGreaterThanOrEqual(30);
});

test('unwraps WOFF to the tables that were wrapped', () => {
  const woff = readFileSync(path);
  const [a, b] = [Buffer.alloc(100, 7), Buffer.from('short')];
  const packed = deflateSync(a);
  const header = Buffer.alloc(44 + 40);
  header.write('wOFF', 0);
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt16BE(2, 12);
  header.write('aaaa', 44);
  [84, packed.length, 100, 1].forEach((value, i) => header.writeUInt32BE(value, 48 + 4 * i));
  header.write('bbbb', 64);
  [84 + packed.length, 5, 5, 2].forEach((value, i) => header.writeUInt32BE(value, 68 + 4 * i));
  const sfnt = unwrapWoff(Buffer.concat([header, packed, b]));
  expect(sfnt.subarray(0, 12).toString('hex')).toBe('000100000002002000010000');
  expect(sfnt.subarray(12, 28).toString('hex')).toBe('61616161000000010000002c00000064');
  expect(sfnt.subarray(28, 44).toString('hex')).toBe('62626262000000020000009000000005');
  expect(sfnt.subarray(44, 144)).toEqual(a);
  expect(sfnt.subarray(144).toString('latin1')).toBe('short\0\0\0');
  expect(unwrapWoff(woff).length).toBe(woff.readUInt32BE(16));
  expect(unwrapWoff(b)).toBe(b);
});
