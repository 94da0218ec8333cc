import type { XmlElement } from '../xml-tree.ts';
import type { PlacedElement } from './transcribed-page.ts';

/** After all that have a place. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Which place an element has, by its id. */
export type ReadingRanks = ReadonlyMap<string, number>;

/** The places that ReadingOrder of PAGE gives to regions, or that of ALTO to blocks or lines. Members of an unordered group share one. */
export function readingRanks(readingOrder: XmlElement | undefined): ReadingRanks {
  const ranks = new Map<string, number>();
  const place = (group: XmlElement): void => {
    const isOrdered = !group.name.startsWith('Unordered');
    const members = isOrdered ? group.children.toSorted((a, b) => indexOf(a) - indexOf(b)) : group.children;
    const shared = ranks.size;
    for (const member of members) {
      const { regionRef, REF } = member.attributes;
      const id = regionRef ?? REF;
      if (id !== undefined && !ranks.has(id)) ranks.set(id, isOrdered ? ranks.size : shared);
      place(member);
    }
  };
  if (readingOrder) place(readingOrder);
  return ranks;
}

/**
 * Sorts lines by the place of the line itself, or of the innermost region around it that has one, those without a place last. Within a
 * region they go by their own index (PAGE: `index`, or Transkribus' `custom="readingOrder {index:0;}"`), then by the order of the file.
 */
export function inReadingOrder(lines: readonly PlacedElement[], ranks: ReadingRanks): XmlElement[] {
  const keys = new Map(lines.map((line) => [line, sortKey(line, ranks)]));
  const compare = (a: PlacedElement, b: PlacedElement) => {
    const [first, second] = [keys.get(a)!, keys.get(b)!];
    const different = first.findIndex((value, i) => value !== second[i]);
    return different < 0 ? 0 : first[different] - second[different];
  };
  return lines.toSorted(compare).map(({ element }) => element);
}

function sortKey({ element, regions }: PlacedElement, ranks: ReadingRanks): number[] {
  const ranked = [element, ...regions].map(({ attributes: { id, ID } }) => ranks.get(id ?? ID ?? ''));
  const rank = ranked.find((rank) => rank !== undefined);
  const outermost = regions.findLast((region) => indexOf(region) < LAST);
  const usual = ranks.size > 0 || outermost === undefined ? LAST : indexOf(outermost);
  return [rank ?? usual, regions[0]?.at ?? 0, indexOf(element), element.at];
}

function indexOf({ attributes: { index, custom = '' } }: XmlElement): number {
  const own = index ?? /readingOrder\s*\{\s*index\s*:\s*(\d+)/u.exec(custom)?.[1];
  return own !== undefined && /^\d+$/u.test(own) ? Number(own) : LAST;
}
