import { expect, test } from 'vitest';
import type { GraphRunner } from '../runtime/tensor.ts';
import { scoreLaidOut } from './score-lines.ts';

/** A network whose one class scores the first pixel of each line, and that notes the shapes it is given. */
function firstPixels(shapes: (readonly number[])[]): Pick<GraphRunner, 'run'> {
  return {
    async run({ images: { data, shape } }) {
      shapes.push(shape);
      const [batch, height, width] = shape;
      const logits = Float32Array.from({ length: batch }, (_, i) => Number(data[i * height * width]));
      return { logits: { data: logits, shape: [batch, 1, 1] } };
    },
  };
}

const line = (value: number, paddedWidth: number) => ({
  data: new Uint8Array(2 * paddedWidth).fill(value),
  paddedWidth,
  width: paddedWidth,
});

test('lines of one width go together, up to 8 of them and 8192 columns, and come back in order', async () => {
  const widths = [4096, 1024, 4096, 1024, 4096, 9000, ...Array.from({ length: 7 }, () => 1024)];
  const lines = widths.map((width, i) => line(i, width));
  const shapes: (readonly number[])[] = [];
  const { scores } = await scoreLaidOut(firstPixels(shapes) as GraphRunner, lines, 2);
  expect(shapes).toEqual([
    [8, 2, 1024],
    [1, 2, 1024],
    [2, 2, 4096],
    [1, 2, 4096],
    [1, 2, 9000],
  ]);
  expect(scores.map(({ logits }) => logits[0])).toEqual(widths.map((_, i) => i));
});
