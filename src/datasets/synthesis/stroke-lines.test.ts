import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { openLineSource } from '../lines/open-line-source.ts';
import { strokeLines } from './stroke-lines.ts';
import { readStrokePack } from '../sources/stroke-pack.ts';

/** dx, dy as zigzag LEB128: 0 → 0, −1 → 1, 1 → 2, 64 → 128 = 80 01, −65 → 129 = 81 01, 300 → 600 = d8 04. */
const bytes = Buffer.from('02008001d8040181010202', 'hex');
const line = { id: 'a01-000u-01', off: 0, strokes: [2, 1], text: 'e\u0301' };
const other = { id: 'odd', off: 9, strokes: [1], text: 'b', writer: '7', page: 'p' };
const index = (...lines: object[]) => ({ licence: 'CC0', count: lines.length, lines });

async function pack(content: object, points: Uint8Array = bytes) {
  const prefix = join(await mkdtemp(join(tmpdir(), 'strokes-')), 'some');
  await writeFile(`${prefix}.json.gz`, gzipSync(JSON.stringify(content)));
  await writeFile(`${prefix}.bin.gz`, gzipSync(points));
  return prefix;
}

test('reads points as sums of zigzag steps', async () => {
  const { licence, lines } = await readStrokePack(await pack(index(line, other)));
  expect(licence).toBe('CC0');
  expect(lines[0].info).toEqual({ id: 'a01-000u-01', text: '\u00e9', page: 'a01-000u' });
  expect([...lines[0].points]).toEqual([1, 0, 65, 300, 64, 235]);
  expect([...lines[0].strokes]).toEqual([2, 1]);
  expect(lines[1].info).toEqual({ id: 'odd', text: 'b', writer: '7', page: 'p' });
  expect([...lines[1].points]).toEqual([1, 1]);
});

test('gives back whatever steps were packed', async () => {
  const steps = fc.array(fc.integer({ min: -40_000, max: 40_000 }), { minLength: 2, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (values) => {
      const even = values.length % 2 ? values.slice(1) : values;
      const packed = Buffer.from(even.flatMap((value) => leb128(value < 0 ? -2 * value - 1 : 2 * value)));
      const { lines } = await readStrokePack(await pack(index({ ...line, strokes: [even.length / 2] }), packed));
      const sums = even.map((_, i) =>
        even.filter((_, k) => k <= i && k % 2 === i % 2).reduce((sum, step) => sum + step, 0),
      );
      expect([...lines[0].points]).toEqual(sums);
    }),
    { numRuns: 15 },
  );
});

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}

test.each([
  [index(), /count is 0/],
  [{ ...index(line), count: 3 }, /count is 3, lines are 1/],
  [index({ ...line, strokes: [] }), /lines\.0\.strokes/],
  [index({ ...line, strokes: [2, 9] }), /points of line a01-000u-01 are cut short/],
])('refuses %j', async (content, message) => {
  await expect(readStrokePack(await pack(content))).rejects.toThrow(message);
});

test('refuses numbers that never end', async () => {
  await expect(readStrokePack(await pack(index(line), Buffer.alloc(9, 0xff)))).rejects.toThrow(
    /cut short or no numbers/,
  );
});

const zigzag = {
  info: { id: 'z', text: 'M' },
  points: Float32Array.from({ length: 40 }, (_, i) => (i % 2 ? 100 * ((i >> 1) & 1) : 30 * (i >> 1))),
  strokes: Uint32Array.of(12, 8),
};

test('draws a line differently for every random stream, the same on all threads', async () => {
  const lines = strokeLines('zigzag', [zigzag, zigzag], { height: 32 });
  const opened = await openLineSource(structuredClone(lines.source));
  const images = [1, 2, 3].map((seed) => lines.image(1, new Random(seed)));
  expect(new Set(images.map(({ data }) => Buffer.from(data).toString('base64'))).size).toBe(3);
  images.forEach((image, i) => {
    expect(opened.image(1, new Random(i + 1))).toEqual(image);
    expect(image.height).toBe(32);
    expect(Math.abs(image.width / lines.width(1) - 1)).toBeLessThan(0.25);
    expect(image.data.filter((shade) => shade > 150).length).toBeGreaterThan(100);
  });
  expect(opened.lines).toEqual([zigzag.info, zigzag.info]);
});

test('refuses options that write nothing', () => {
  const open = (options: object) => () => strokeLines('x', [zigzag], options);
  expect(open({ height: 4 })).toThrow(/cannot be 4 pixels high/);
  expect(open({ pens: { felt: 0 } })).toThrow(/pens need weights/);
  expect(open({ penWidth: [0, 1] })).toThrow(/cannot be 0 ± 1 wide/);
  expect(open({ margin: [5, 2] })).toThrow(/margin of 5 to 2/);
});
