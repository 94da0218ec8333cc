import { expect, test } from 'vitest';
import { terminalImage } from './terminal-image.ts';

const image = { width: 2, height: 4, data: Uint8Array.of(0, 255, 0, 255, 255, 0, 255, 255) };

test('shows two rows of pixels as one line of shades', () => {
  expect(terminalImage(image)).toEqual([' @', '@=']);
});

test('shows gray levels as half blocks, the upper pixel in front', () => {
  const [first] = terminalImage(image, { color: true });
  expect(first).toBe('\x1b[38;2;0;0;0m\x1b[48;2;0;0;0m▀\x1b[38;2;255;255;255m\x1b[48;2;255;255;255m▀\x1b[0m');
});

test('scales to the columns that are asked for', () => {
  const lines = terminalImage({ width: 28, height: 28, data: new Uint8Array(784).fill(128) }, { columns: 10 });
  expect(lines).toEqual(Array.from({ length: 5 }, () => '+++++'.repeat(2)));
});
