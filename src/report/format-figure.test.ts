import { expect, test } from 'vitest';
import { formatDuration, formatFigure } from './format-figure.ts';

test('writes figures short, and never loses a whole digit', () => {
  const written: readonly [number, string][] = [
    [0, '0'],
    [0.41234, '0.4123'],
    [-0.5, '-0.5'],
    [12.3456, '12.35'],
    [100, '100'],
    [999.96, '1000'],
    [12345.6, '12346'],
    [0.001, '0.001'],
    [0.000012, '1.2e-5'],
    [-0.0000123456, '-1.235e-5'],
    [12_345_678, '1.235e7'],
    [1e8, '1e8'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
  ];
  for (const [value, text] of written) expect(formatFigure(value)).toBe(text);
  expect(formatFigure(812.34, 3)).toBe('812');
  expect(formatFigure(1e-4, 3)).toBe('1e-4');
});

test('writes durations as a clock does from a minute on', () => {
  const written: readonly [number, string][] = [
    [0, '0.0 s'],
    [8.14, '8.1 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1:00'],
    [83, '1:23'],
    [3599.7, '1:00:00'],
    [7509, '2:05:09'],
    [360_000, '100:00:00'],
    [Infinity, '?'],
    [NaN, '?'],
  ];
  for (const [seconds, text] of written) expect(formatDuration(seconds)).toBe(text);
});
