import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchWidth, fullLineBatchShape, groupByWidth, labelsPerLine, linesPerBatch } from './line-batch-plan.ts';

const shape = fullLineBatchShape({ maxLines: 4, maxColumns: 512, maxWidth: 256 });

test('one shape per width: lines and labels follow from it', () => {
  expect([1, 32, 33, 250, 999].map((width) => batchWidth(width, shape))).toEqual([32, 32, 64, 256, 256]);
  expect([32, 128, 160, 256].map((width) => linesPerBatch(width, shape))).toEqual([4, 4, 3, 2]);
  expect([32, 256].map((width) => labelsPerLine(width, shape))).toEqual([4, 32]);
});

test('groups the widest together, then the next', () => {
  expect(groupByWidth([40, 250, 30, 130, 35, 131, 31, 255, 33], shape)).toEqual([
    { width: 256, members: [7, 1] },
    { width: 160, members: [5, 3, 0] },
    { width: 64, members: [4, 8, 6, 2] },
  ]);
});

test('every line is in one group that has room for it and is no larger than allowed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 256 }), { maxLength: 60 }), (widths) => {
      const groups = groupByWidth(widths, shape);
      expect(groups.flatMap(({ members }) => members).sort((a, b) => a - b)).toEqual(widths.map((_, i) => i));
      for (const { width, members } of groups) {
        expect(members.every((place) => widths[place] <= width)).toBe(true);
        expect(members.length * width).toBeLessThanOrEqual(512);
        expect(members.length).toBeLessThanOrEqual(4);
      }
    }),
  );
});

test('refuses shapes that hold no line', () => {
  expect(() => fullLineBatchShape({ maxLines: 0, maxColumns: 4096 })).toThrow(/maxLines .* got 0/);
  expect(() => fullLineBatchShape({ maxLines: 8, maxColumns: 1024 })).toThrow(
    /maxWidth 2048 .* at most maxColumns 1024/,
  );
  expect(() => fullLineBatchShape({ maxLines: 8, maxColumns: 4096, maxWidth: 100 })).toThrow(
    /multiple of widthStep 32/,
  );
});
