import { expect, test } from 'vitest';
import { parseLineShare } from './line-share.ts';

test.each([
  ['hooker-train', 'hooker-train', 0],
  ['hooker-train@0.04', 'hooker-train', 0.04],
  ['folder@2/lines@.5', 'folder@2/lines', 0.5],
  ['lines@1', 'lines@1', 0],
])('%s', (name, lines, validationShare) => {
  expect(parseLineShare(name)).toEqual({ lines, validationShare });
});
