import type { Polygon } from './transcribed-page.ts';

/** A line of which less than this share of the polygon's width and height is on the page does not show its whole text. */
const LEAST_ON_PAGE = 0.8;

/** Whether nearly all of a polygon, and a pixel at least, is on the page; the rest is clipped. */
export function isOnPage(polygon: Polygon, page: { readonly width: number; readonly height: number }): boolean {
  const isWithin = (values: readonly number[], end: number) => {
    const [from, to] = [Math.min(...values), Math.max(...values)];
    const inside = Math.min(end, to) - Math.max(0, from);
    return inside >= 1 && inside >= LEAST_ON_PAGE * (to - from);
  };
  return (
    isWithin(
      polygon.map(([x]) => x),
      page.width,
    ) &&
    isWithin(
      polygon.map(([, y]) => y),
      page.height,
    )
  );
}
