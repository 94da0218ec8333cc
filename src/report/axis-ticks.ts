/** Where an axis begins and ends, and the round numbers that it marks. */
export interface AxisTicks {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/**
 * About `count` multiples of 1, 2 or 5 times a power of ten that enclose [low, high] (Heckbert, "Nice Numbers for Graph
 * Labels", Graphics Gems, 1990); `whole` marks no fractions.
 */
export function axisTicks(low: number, high: number, count: number, whole = false): AxisTicks {
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Values that differ by rounding alone count as one.
  const rough = high - low > 1e-9 * size ? high / count - low / count : (size || 1) / count;
  const step = Math.max(niceStep(Math.max(rough, 1e-300)), whole ? 1 : 0);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // A tick is a quotient where the step is a fraction: 3 × 0.1 is not 0.3.
  const scale = step < 1 ? Math.round(1 / step) : 0;
  const at = (index: number) => (scale > 0 ? index / scale : index * step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => at(first + i));
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  if (share <= 1) return power;
  if (share <= 2) return 2 * power;
  return share <= 5 ? 5 * power : 10 * power;
}
