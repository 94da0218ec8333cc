/** Opaque pixels that go down to DARK and up to LIGHT hold paper and ink, not ink alone. */
const DARK = 85;
const LIGHT = 170;

/**
 * The gray (0 or 255) to lay behind a partly transparent image so that its writing stays visible. Where the opaque
 * pixels are of one tone, they are ink, and the paper is the opposite of their mean; where they are both dark and
 * light, they are a sheet with writing, and the paper continues as their median.
 */
export function paperBehindInk(gray: Uint8Array, alpha: Uint8Array): 0 | 255 {
  const histogram = new Float64Array(256);
  let total = 0;
  let sum = 0;
  for (let i = 0; i < gray.length; i++) {
    histogram[gray[i]] += alpha[i];
    total += alpha[i];
    sum += alpha[i] * gray[i];
  }
  if (total === 0) return 255;
  const isSheet = quantile(histogram, total, 0.05) < DARK && quantile(histogram, total, 0.95) > LIGHT;
  if (isSheet) return quantile(histogram, total, 0.5) > 127 ? 255 : 0;
  return sum / total > 127.5 ? 0 : 255;
}

function quantile(histogram: Float64Array, total: number, fraction: number): number {
  let left = fraction * total;
  for (let value = 0; value < 256; value++) {
    left -= histogram[value];
    if (left < 0) return value;
  }
  return 255;
}
