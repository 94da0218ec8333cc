/** Where each of consecutive parts of the given lengths begins, and the total as the last number. */
export function partStarts(lengths: readonly number[]): number[] {
  const starts = [0];
  for (const length of lengths) starts.push(starts[starts.length - 1] + length);
  return starts;
}

/** The part that `item` falls into: the last one that begins at or before it. */
export function partOf(starts: readonly number[], item: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= item) low = middle;
    else high = middle - 1;
  }
  return low;
}
