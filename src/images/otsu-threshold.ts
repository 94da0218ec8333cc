/** Two classes of gray values: `dark` ≤ `threshold` < `light`. */
export interface OtsuSplit {
  /** The last gray value of the dark class, 0 to 254. */
  readonly threshold: number;
  /** Mean gray of the dark class and of the light class. */
  readonly darkMean: number;
  readonly lightMean: number;
  /** Pixels in the light class. */
  readonly lightCount: number;
}

/** Counts of each gray value, `[256]`. */
export function grayHistogram(data: Uint8Array): Uint32Array {
  const histogram = new Uint32Array(256);
  for (let i = 0; i < data.length; i++) histogram[data[i]]++;
  return histogram;
}

/**
 * The split of a histogram that maximises the variance between its two classes (Otsu 1979, "A threshold selection
 * method from gray-level histograms"); undefined if there is only one gray value.
 */
export function otsuThreshold(histogram: ArrayLike<number>): OtsuSplit | undefined {
  let count = 0;
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    count += histogram[value];
    sum += value * histogram[value];
  }
  let best: OtsuSplit | undefined;
  let bestVariance = 0;
  let darkCount = 0;
  let darkSum = 0;
  for (let threshold = 0; threshold < 255; threshold++) {
    darkCount += histogram[threshold];
    darkSum += threshold * histogram[threshold];
    const lightCount = count - darkCount;
    if (darkCount === 0 || lightCount === 0) continue;
    const darkMean = darkSum / darkCount;
    const lightMean = (sum - darkSum) / lightCount;
    const variance = darkCount * lightCount * (lightMean - darkMean) ** 2;
    if (variance <= bestVariance) continue;
    bestVariance = variance;
    best = { threshold, darkMean, lightMean, lightCount };
  }
  return best;
}
