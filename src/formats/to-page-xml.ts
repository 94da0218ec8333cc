import { cornersOf } from '../images/crop.ts';
import type { LineReading, Reading, WordReading } from '../reading/reading.ts';
import { type PageFacts, SOFTWARE } from './page-facts.ts';
import { boxAround, pointList, wholePoints, wholePolygon } from './whole-places.ts';
import { writeXml, xmlElement, type XmlElement } from './xml-element.ts';

const NAMESPACE = 'http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15';

/**
 * A reading as PAGE XML of 2019 (https://github.com/PRImA-Research-Lab/PAGE-XML), which eScriptorium, Transkribus and OCR-D open: one
 * region with lines in reading order, their polygons and baselines, words and confidences. Places are whole pixels.
 */
export function toPageXml(reading: Reading, { file, created = new Date() }: PageFacts): string {
  const { width, height, lines } = reading;
  const page = xmlElement(
    'Page',
    { imageFilename: file, imageWidth: width, imageHeight: height },
    lines.length === 0 ? [] : [regionOf(reading)],
  );
  const time = created.toISOString();
  const metadata = xmlElement('Metadata', {}, [
    xmlElement('Creator', {}, SOFTWARE),
    xmlElement('Created', {}, time),
    xmlElement('LastChange', {}, time),
    xmlElement('MetadataItem', { type: 'processingStep', name: 'recognition', value: reading.model }),
  ]);
  return writeXml(xmlElement('PcGts', { xmlns: NAMESPACE }, [metadata, page]));
}

function regionOf(reading: Reading): XmlElement {
  return xmlElement('TextRegion', { id: 'region1' }, [
    xmlElement('Coords', { points: pointList(cornersOf(boxAround(reading.lines, reading))) }),
    ...reading.lines.map((line, i) => lineOf(line, `line${i + 1}`, reading)),
  ]);
}

function lineOf(line: LineReading, id: string, reading: Reading): XmlElement {
  const baseline = wholePoints(line.baseline, reading);
  return xmlElement('TextLine', { id }, [
    placeOf(line, reading),
    baseline.length > 1 ? xmlElement('Baseline', { points: pointList(baseline) }) : undefined,
    ...line.words.map((word, i) =>
      xmlElement('Word', { id: `${id}word${i + 1}` }, [placeOf(word, reading), textOf(word)]),
    ),
    textOf(line),
  ]);
}

function placeOf({ polygon }: LineReading | WordReading, reading: Reading): XmlElement {
  return xmlElement('Coords', { points: pointList(wholePolygon(polygon, reading)) });
}

function textOf({ text, confidence }: LineReading | WordReading): XmlElement {
  return xmlElement('TextEquiv', { conf: confidence.toFixed(4) }, [xmlElement('Unicode', {}, text)]);
}
