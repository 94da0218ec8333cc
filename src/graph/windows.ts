import { concat } from './concat.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { transpose } from './transpose.ts';
import { formatShape, requireRank, shapeError, staticShape, type Value } from './value.ts';

/**
 * Windows of full height that slide along the width: x `[batch, channels, height, width]` →
 * `[batch, windows, channels, height, size]` with ⌊(width − size) / stride⌋ + 1 windows.
 */
export function slidingWindows(x: Value, size: number, stride: number): Value {
  requireRank('slidingWindows', x, 4, '[batch, channels, height, width]');
  const [batch, channels, height, width] = staticShape('slidingWindows', x);
  if (size > width) throw shapeError('slidingWindows', `windows of ${size} are wider than ${formatShape(x.shape)}`);
  const count = Math.floor((width - size) / stride) + 1;
  // Cut into pieces of one stride each, a window is so many pieces in a row: whole runs are copied, not single columns.
  const pieces = Math.ceil(size / stride);
  const missing = (count - 1 + pieces) * stride - width;
  const padded = pad(x, [{ axis: 3, before: 0, after: Math.max(0, missing) }]);
  const parts = Array.from({ length: pieces }, (_, i) => {
    const run = slice(padded, [{ axis: 3, start: i * stride, end: (i + count) * stride }]);
    const cut = reshape(run, [batch, channels, height, count, stride]);
    return slice(cut, [{ axis: 4, start: 0, end: Math.min(stride, size - i * stride) }]);
  });
  return transpose(concat(parts, 4), [0, 3, 1, 2, 4]);
}
