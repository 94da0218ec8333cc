import { expect, test } from 'vitest';
import { confusionMatrixSvg } from './confusion-matrix-svg.ts';
import { renderedSvg } from './testing/rendered-svg.ts';

const CLASSES = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

function expectNear(pixel: readonly number[], expected: readonly number[]): void {
  expected.forEach((value, i) =>
    expect(Math.abs(pixel[i] - value), `${pixel.join()} for ${expected.join()}`).toBeLessThanOrEqual(2),
  );
}

test('colours each row by the logarithm of its shares, whatever the row sums to', async () => {
  const counts = [
    [1000, 0, 0],
    [1, 9, 0],
    [0, 0, 0],
  ];
  const image = await renderedSvg(confusionMatrixSvg({ title: 't', classes: ['a', 'b', 'c'], counts }));
  // Cells of 36 from (62, 74); two pixels into each, beside its number.
  const cell = (truth: number, prediction: number) => image.at(62 + 36 * prediction + 2, 74 + 36 * truth + 2);
  expectNear(cell(0, 0), [0x00, 0x72, 0xb2]);
  // A tenth is two thirds of the way from 0.1 % to all: orange at 0.08 + 0.92 × 2/3 over white.
  expectNear(cell(1, 0), [226, 143, 78]);
  for (const [truth, prediction] of [
    [0, 1],
    [1, 2],
    [2, 0],
    [2, 2],
  ])
    expectNear(cell(truth, prediction), [255, 255, 255]);
});

test('draws 62 classes, each cell with its count to point at', async () => {
  const counts = CLASSES.map((_, i) => Uint32Array.from(CLASSES, (_, j) => (i === j ? 90 : 0)));
  counts[CLASSES.indexOf('O')][CLASSES.indexOf('0')] = 10;
  const svg = confusionMatrixSvg({ title: 'EMNIST <ByClass>', classes: CLASSES, counts });
  expect(svg).toContain('<title>O read as 0: 10 of 100 (10 %)</title>');
  expect(svg).toContain('<title>O read as O: 90 of 100 (90 %)</title>');
  expect(svg).toContain('5,590 samples, 99.8 % on the diagonal');
  expect(svg).toContain('EMNIST &lt;ByClass&gt;');
  expect(svg.match(/<title>/g)).toHaveLength(63);
  const image = await renderedSvg(svg);
  const cell = (truth: string, prediction: string) =>
    image.at(62 + 11 * CLASSES.indexOf(prediction) + 5, 74 + 11 * CLASSES.indexOf(truth) + 5);
  expectNear(cell('z', 'z'), [0x00, 0x72, 0xb2]);
  expectNear(cell('O', '0'), [226, 143, 78]);
  expectNear(cell('0', 'O'), [255, 255, 255]);
});

test('shows a class that is a space, and a matrix without samples', async () => {
  const svg = confusionMatrixSvg({
    title: '',
    classes: [' ', '&'],
    counts: [
      [0, 0],
      [0, 0],
    ],
  });
  expect(svg).toContain('>␣<');
  expect(svg).toContain('0 samples, 0 % on the diagonal');
  await renderedSvg(svg);
});

test('refuses what is not a square of whole numbers', () => {
  for (const counts of [
    [],
    [[1, 2]],
    [[1], [2]],
    [
      [1, 2],
      [3, 0.5],
    ],
    [
      [1, -2],
      [3, 4],
    ],
    [
      [1, NaN],
      [3, 4],
    ],
  ]) {
    expect(() => confusionMatrixSvg({ title: 't', classes: ['a', 'b'], counts })).toThrow(/of 2 classes needs 2 rows/);
  }
  expect(() => confusionMatrixSvg({ title: 't', classes: [], counts: [] })).toThrow(/of 0 classes/);
});
