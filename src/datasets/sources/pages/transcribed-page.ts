import { TextRecognizerError } from '../../../errors.ts';
import type { XmlElement } from '../xml-tree.ts';

export type Polygon = readonly (readonly [number, number])[];

/** What an XML file of a page says. */
export interface TranscribedPage {
  /** The picture's file as the XML names it. */
  readonly imageFile?: string;
  /** The size that the places refer to; of the picture where the XML says none. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Whether places are in pixels of the picture; otherwise in another unit, in which `size` is, too. */
  readonly inPixels: boolean;
  /** In reading order. */
  readonly lines: readonly TranscribedLine[];
  /** One for each line whose place cannot be read. */
  readonly faults: readonly TextRecognizerError[];
}

export interface TranscribedLine {
  /** Empty where nothing is transcribed. */
  readonly text: string;
  readonly polygon: Polygon;
  readonly baseline?: Polygon;
}

/** A line element, and the regions it is in, the innermost first. */
export interface PlacedElement {
  readonly element: XmlElement;
  readonly regions: readonly XmlElement[];
}

/** All elements called TextLine, however deep, in the order of the file. */
export function findTextLines(parent: XmlElement, regions: readonly XmlElement[] = []): PlacedElement[] {
  return parent.children.flatMap((element) =>
    element.name === 'TextLine' ? [{ element, regions }] : findTextLines(element, [element, ...regions]),
  );
}

/** Reads each line with `read`, in turn; what it throws is kept as a fault that names the line of the file. */
export function readTextLines(
  elements: readonly XmlElement[],
  read: (element: XmlElement) => TranscribedLine,
): Pick<TranscribedPage, 'lines' | 'faults'> {
  const lines: TranscribedLine[] = [];
  const faults: TextRecognizerError[] = [];
  for (const element of elements) {
    try {
      lines.push(read(element));
    } catch (error) {
      if (!(error instanceof TextRecognizerError)) throw error;
      const { id = element.attributes.ID ?? 'without an id' } = element.attributes;
      const message = `line ${element.line}, TextLine ${id}: ${error.message}`;
      faults.push(new TextRecognizerError(error.code, message, { cause: error }));
    }
  }
  return { lines, faults };
}

/** Points as PAGE and ALTO write them, `x,y x,y` or `x y x y`. Throws DATASET_INVALID for anything else. */
export function parsePoints(text: string): [number, number][] {
  const words = text.trim().split(/[\s,]+/u);
  const numbers = words.map((word) => (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu.test(word) ? Number(word) : NaN));
  if (numbers.length % 2 === 1 || !numbers.every(Number.isFinite)) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new TextRecognizerError('DATASET_INVALID', `${JSON.stringify(shown)} is not a list of points x,y.`);
  }
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
}

/** `polygon`, where it encloses something; otherwise throws DATASET_INVALID. */
export function requireArea(polygon: Polygon): Polygon {
  const [xs, ys] = [0, 1].map((axis) => new Set(polygon.map((point) => point[axis])));
  if (polygon.length >= 3 && xs.size > 1 && ys.size > 1) return polygon;
  throw new TextRecognizerError('DATASET_INVALID', `the polygon of ${polygon.length} points encloses nothing.`);
}

/** A baseline has two different points at least; others say nothing. */
export function usableBaseline(points: Polygon): Polygon | undefined {
  return points.some(([x, y]) => x !== points[0][0] || y !== points[0][1]) ? points : undefined;
}

/** A length of the page: a positive number; undefined where there is none, or 0 as some programs write. */
export function lengthOf(element: XmlElement, attribute: string): number | undefined {
  const text = element.attributes[attribute];
  if (text === undefined || text.trim() === '') return undefined;
  const length = Number(text);
  if (Number.isFinite(length) && length >= 0) return length === 0 ? undefined : length;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `line ${element.line}, ${element.name}: ${attribute} is ${JSON.stringify(text)}, not a length.`,
  );
}

/** Text in one row, without space around it. */
export function oneRow(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
