import { expect, test } from 'vitest';
import { terminalImage } from './terminal-image.ts';

const image = { width: 2, height: 4, data: Uint8Array.of(0, 255, 0, 255, 255, 0, 255, 255) };

test('shows two rows of pixels as one line of shades', () => {
  expect(terminalImage(image)).toEqual([' @', '@=']);
});

test('shows gray levels as half blocks, the upper pixel in front', () => {
  const [first] = terminalImage(image, { color: true });
  expect(first).toBe('\x1b[38;5;16;48;5;16m▀\x1b[38;5;231;48;5;231m▀\x1b[0m');
});

test('shows a gray between black and white by the nearest of the 24 grays', () => {
  const gray = { width: 1, height: 2, data: Uint8Array.of(8, 130) };
  // xterm: 232 is gray 8, 244 is gray 128.
  expect(terminalImage(gray, { color: true })).toEqual(['\x1b[38;5;232;48;5;244m▀\x1b[0m']);
});

test('scales to the columns that are asked for', () => {
  const lines = terminalImage({ width: 28, height: 28, data: new Uint8Array(784).fill(128) }, { columns: 10 });
  expect(lines).toEqual(Array.from({ length: 5 }, () => '+++++'.repeat(2)));
});
