/** A line as a network sees it: `[height, stride]`, white ink (255) on black, of which `width` columns are not padding. */
export interface InkedLine {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly stride: number;
}

/** What the hand of a line is like, in pixels of it. */
export interface LineMeasures {
  /** Mean length of a horizontal run of ink. */
  readonly strokeWidth: number;
  /** Height of the band of small letters. */
  readonly xHeight: number;
  /** Degrees by which strokes lean to the right. */
  readonly slant: number;
}

/** Ink is brighter. */
const INK = 127;
/** Every so many rows and columns are looked at. */
const ROW_STEP = 2;
const MOST_COLUMNS = 512;
/** The band of small letters are the rows with more than this share of the fullest row's ink. */
const BAND_SHARE = 0.45;

/** Measures the hand of a line; all 0 without ink. */
export function measureLine({ data, width, height, stride }: InkedLine): LineMeasures {
  const columns = Math.min(width, MOST_COLUMNS);
  const rows = new Uint32Array(height);
  let [ink, runs, across, along] = [0, 0, 0, 0];
  for (let y = 1; y < height - 1; y += ROW_STEP) {
    const start = y * stride;
    let isInside = false;
    for (let i = start + 1; i < start + columns - 1; i++) {
      const isInk = data[i] > INK;
      if (isInk) {
        ink++;
        rows[y]++;
        if (!isInside) runs++;
      }
      isInside = isInk;
      const [dx, dy] = [data[i + 1] - data[i - 1], data[i + stride] - data[i - stride]];
      // The sides of strokes, not their ends: I(x, y) = f(x + tan(slant) · y) there, so that dy = tan(slant) · dx.
      if (dx * dx <= dy * dy) continue;
      across += dx * dx;
      along += dx * dy;
    }
  }
  if (runs === 0) return { strokeWidth: 0, xHeight: 0, slant: 0 };
  return {
    strokeWidth: ink / runs,
    xHeight: ROW_STEP * bandOf(rows),
    slant: (Math.atan2(along, across) * 180) / Math.PI,
  };
}

function bandOf(rows: Uint32Array): number {
  const fullest = rows.reduce((most, count) => Math.max(most, count), 0);
  return rows.reduce((band, count) => band + (count > BAND_SHARE * fullest ? 1 : 0), 0);
}
