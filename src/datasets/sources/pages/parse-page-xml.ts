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

/**
 * Reads PAGE XML (https://github.com/PRImA-Research-Lab/PAGE-XML; versions 2010 to 2019, as Transkribus, eScriptorium, kraken and OCR-D
 * write it) from its root, PcGts. Throws DATASET_INVALID.
 */
export function parsePageXml(root: XmlElement): TranscribedPage {
  const pages = childrenOf(root, 'Page');
  if (pages.length !== 1) {
    throw new TextRecognizerError('DATASET_INVALID', `PAGE XML describes one page; this has ${pages.length} of them.`);
  }
  const [page] = pages;
  const [width, height] = [lengthOf(page, 'imageWidth'), lengthOf(page, 'imageHeight')];
  const elements = inReadingOrder(findTextLines(page), readingRanks(childrenOf(page, 'ReadingOrder')[0]));
  return {
    imageFile: page.attributes.imageFilename,
    size: width && height ? { width, height } : undefined,
    inPixels: true,
    ...readTextLines(elements, readTextLine),
  };
}

function readTextLine(line: XmlElement): TranscribedLine {
  const [coords] = childrenOf(line, 'Coords');
  if (coords === undefined) throw new TextRecognizerError('DATASET_INVALID', 'it has no Coords.');
  const [baseline] = childrenOf(line, 'Baseline');
  return {
    text: textOf(line),
    polygon: requireArea(pointsOf(coords)),
    baseline: baseline && usableBaseline(pointsOf(baseline)),
  };
}

/** `points="x,y …"`, or elements Point of the version of 2010. */
function pointsOf(element: XmlElement): Polygon {
  const points = childrenOf(element, 'Point');
  const { points: text } = element.attributes;
  return parsePoints(text ?? points.map(({ attributes: { x = '', y = '' } }) => `${x},${y}`).join(' '));
}

/** Of several texts the one with the lowest index counts; a line without a text of its own has that of its words. */
function textOf(element: XmlElement): string {
  const texts = childrenOf(element, 'TextEquiv');
  if (texts.length === 0) {
    const words = childrenOf(element, 'Word').map(textOf);
    return words.filter((word) => word !== '').join(' ');
  }
  const [main] = texts.toSorted((a, b) => Number(a.attributes.index ?? 0) - Number(b.attributes.index ?? 0));
  const [content] = [...childrenOf(main, 'Unicode'), ...childrenOf(main, 'PlainText')];
  return oneRow(content?.text ?? '');
}
