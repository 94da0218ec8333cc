import type { Polygon, Reading } from '../../../src/reading/reading.ts';
import type { Region } from './reading.ts';

/** The box around a polygon, in shares of the picture that was read. */
export function regionOf(polygon: Polygon, { width, height }: Pick<Reading, 'width' | 'height'>): Region {
  const [xs, ys] = [polygon.map(([x]) => x / width), polygon.map(([, y]) => y / height)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
