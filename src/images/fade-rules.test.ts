import { expect, test } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { fadeRules } from './fade-rules.ts';

const size = { minLength: 8, maxGap: 1, maxThickness: 2 };

function picture(rows: readonly string[]): GrayImage {
  const data = Uint8Array.from(rows.join(''), (mark) =>
    mark === '#' ? 200 : mark === '+' ? 90 : mark === '-' ? 22 : 0,
  );
  return { width: rows[0].length, height: rows.length, data };
}

test('a rule fades, the stroke that crosses it and the short bar stay', () => {
  // prettier-ignore
  const before = picture([
    '....#.......',
    '....#...###.',
    '....#.......',
    '++++#+++++++',
    '....#.......',
    '............',
  ]);
  // prettier-ignore
  const after = picture([
    '....#.......',
    '....#...###.',
    '....#.......',
    '----#-------',
    '....#.......',
    '............',
  ]);
  expect(fadeRules(before, 60, size)).toEqual(after);
});

test('a rule with a gap counts whole, one that is too short stays', () => {
  const gap = picture(['....', '++++', '....']);
  expect(fadeRules(gap, 60, size)).toEqual(gap);
  const dashed = picture(['..........', '+++++.++++', '..........']);
  expect(Math.max(...fadeRules(dashed, 60, size).data)).toBe(22);
});

test('what is thicker than a rule stays', () => {
  const bar = picture(['..........', '##########', '##########', '##########']);
  expect(fadeRules(bar, 60, size)).toEqual(bar);
});
