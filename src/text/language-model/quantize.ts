/** Values as one byte each, an index into a table of their kind. */
export interface Quantized {
  readonly codes: Uint8Array;
  /** `[256]`, rising. */
  readonly table: Float32Array;
}

/** Quantises values to 256 levels of equal population, each the mean of its values (as in KenLM, Heafield 2011). */
export function quantize(values: Float32Array): Quantized {
  const sorted = Float32Array.from(values).sort();
  const table = new Float32Array(256);
  const upper = new Float32Array(256).fill(Infinity);
  for (let bin = 0, start = 0; bin < 256; bin++) {
    const end = Math.max(start, Math.floor(((bin + 1) * sorted.length) / 256));
    let sum = 0;
    for (let i = start; i < end; i++) sum += sorted[i];
    table[bin] = end > start ? sum / (end - start) : (table[bin - 1] ?? 0);
    if (end < sorted.length) upper[bin] = end > 0 ? sorted[end - 1] : -Infinity;
    start = end;
  }
  return { codes: Uint8Array.from(values, (value) => binOf(value, upper)), table };
}

/** The first bin whose upper limit is not below the value. */
function binOf(value: number, upper: Float32Array): number {
  let [low, high] = [0, 255];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (upper[middle] >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
