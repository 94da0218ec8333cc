import { TextRecognizerError } from '../../../errors.ts';
import { childrenOf, type XmlElement } from '../xml-tree.ts';
import { inReadingOrder, readingRanks } from './reading-order.ts';
import {
  findTextLines,
  lengthOf,
  oneRow,
  parsePoints,
  type Polygon,
  readTextLines,
  requireArea,
  type TranscribedLine,
  type TranscribedPage,
  usableBaseline,
} from './transcribed-page.ts';

/** Reads ALTO (https://www.loc.gov/standards/alto; versions 2 to 4) from its root, alto. Throws DATASET_INVALID. */
export function parseAlto(root: XmlElement): TranscribedPage {
  const [layout] = childrenOf(root, 'Layout');
  const pages = childrenOf(layout, 'Page');
  if (pages.length !== 1) {
    const message = `ALTO with a picture describes one page; this has ${pages.length} of them.`;
    throw new TextRecognizerError('DATASET_INVALID', message);
  }
  const [description] = childrenOf(root, 'Description');
  const [unit] = childrenOf(description, 'MeasurementUnit');
  const [source] = childrenOf(description, 'sourceImageInformation');
  const size = sizeOf(pages[0]);
  const inPixels = unit === undefined || unit.text.trim() === 'pixel';
  if (!inPixels && size === undefined) {
    const message = `places are in ${unit.text.trim()}, so Page needs WIDTH and HEIGHT to tell what a pixel is.`;
    throw new TextRecognizerError('DATASET_INVALID', `line ${pages[0].line}: ${message}`);
  }
  const elements = inReadingOrder(findTextLines(pages[0]), readingRanks(childrenOf(root, 'ReadingOrder')[0]));
  const imageFile = childrenOf(source, 'fileName')[0]?.text.trim();
  return { imageFile: imageFile || undefined, size, inPixels, ...readTextLines(elements, readTextLine) };
}

function sizeOf(page: XmlElement): TranscribedPage['size'] {
  const [width, height] = [lengthOf(page, 'WIDTH'), lengthOf(page, 'HEIGHT')];
  return width && height ? { width, height } : undefined;
}

function readTextLine(line: XmlElement): TranscribedLine {
  const { BASELINE } = line.attributes;
  return {
    text: textOf(line),
    polygon: requireArea(shapeOf(line) ?? boxOf(line)),
    baseline: BASELINE === undefined || BASELINE.trim() === '' ? undefined : usableBaseline(baselineOf(BASELINE, line)),
  };
}

/** Points, or the y of a level baseline as versions 2 and 3 have it. */
function baselineOf(text: string, line: XmlElement): Polygon {
  if (!/^\s*[\d.]+\s*$/u.test(text)) return parsePoints(text);
  const [[left], [right]] = boxOf(line);
  return parsePoints(`${left},${text.trim()} ${right},${text.trim()}`);
}

function shapeOf(line: XmlElement): Polygon | undefined {
  const points = childrenOf(childrenOf(line, 'Shape')[0], 'Polygon')[0]?.attributes.POINTS;
  return points === undefined ? undefined : parsePoints(points);
}

/** From the upper left corner, clockwise. */
function boxOf({ attributes: { HPOS, VPOS, WIDTH, HEIGHT } }: XmlElement): Polygon {
  const [left, top, width, height] = [HPOS, VPOS, WIDTH, HEIGHT].map((text) => Number(text?.trim() || NaN));
  if (![left, top, width, height].every(Number.isFinite)) {
    throw new TextRecognizerError('DATASET_INVALID', 'it has neither a Polygon nor HPOS, VPOS, WIDTH and HEIGHT.');
  }
  const [right, bottom] = [left + width, top + height];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Strings are words with a space between them; a hyphen that ends the line belongs to the last. */
function textOf(line: XmlElement): string {
  const words = childrenOf(line, 'String').map(({ attributes }) => attributes.CONTENT ?? '');
  const hyphen = childrenOf(line, 'HYP')[0]?.attributes.CONTENT ?? '';
  return oneRow(words.filter((word) => word !== '').join(' ') + hyphen);
}
