import type { Box } from '../images/crop.ts';
import type { LineReading, Polygon, Reading } from '../reading/reading.ts';
import { type PageFacts, SOFTWARE } from './page-facts.ts';
import { boxAround, boxOf, pointList, wholePoints, wholePolygon } from './whole-places.ts';
import { writeXml, xmlElement, type XmlElement } from './xml-element.ts';

const NAMESPACE = 'http://www.loc.gov/standards/alto/ns-v4#';

/** A reading as ALTO 4 (https://www.loc.gov/standards/alto): one block with lines in reading order. Places are whole pixels. */
export function toAlto(reading: Reading, { file, created = new Date() }: PageFacts): string {
  const { width, height, lines, page = 1 } = reading;
  const description = xmlElement('Description', {}, [
    xmlElement('MeasurementUnit', {}, 'pixel'),
    xmlElement('sourceImageInformation', {}, [xmlElement('fileName', {}, file)]),
    xmlElement('Processing', { ID: 'recognition' }, [
      xmlElement('processingCategory', {}, 'contentGeneration'),
      xmlElement('processingDateTime', {}, created.toISOString()),
      xmlElement('processingSoftware', {}, [
        xmlElement('softwareName', {}, SOFTWARE),
        xmlElement('applicationDescription', {}, `model ${reading.model}`),
      ]),
    ]),
  ]);
  const block = lines.length === 0 ? [] : [blockOf(reading)];
  const space = xmlElement('PrintSpace', { HPOS: 0, VPOS: 0, WIDTH: width, HEIGHT: height }, block);
  const sheet = {
    ID: `page${page}`,
    PHYSICAL_IMG_NR: page,
    WIDTH: width,
    HEIGHT: height,
    PC: score(reading.confidence),
  };
  const layout = xmlElement('Layout', {}, [xmlElement('Page', sheet, [space])]);
  return writeXml(xmlElement('alto', { xmlns: NAMESPACE, SCHEMAVERSION: '4.4' }, [description, layout]));
}

function blockOf(reading: Reading): XmlElement {
  return xmlElement(
    'TextBlock',
    { ID: 'block1', ...placeOf(boxAround(reading.lines, reading)) },
    reading.lines.map((line, i) => lineOf(line, `line${i + 1}`, reading)),
  );
}

function lineOf(line: LineReading, id: string, reading: Reading): XmlElement {
  const baseline = wholePoints(line.baseline, reading);
  const attributes = { ID: id, BASELINE: baseline.length > 1 ? pointList(baseline) : undefined };
  return xmlElement('TextLine', { ...attributes, ...placeOf(boxOf(line.polygon, reading)) }, [
    shapeOf(line.polygon, reading),
    ...stringsOf(line, id, reading),
  ]);
}

/** ALTO wants a string in each line, also in one that was read as empty. */
function stringsOf({ words, polygon, confidence }: LineReading, id: string, reading: Reading): XmlElement[] {
  const all = words.length > 0 ? words : [{ text: '', polygon, confidence }];
  return all.flatMap((word, i) => {
    const place = placeOf(boxOf(word.polygon, reading));
    const attributes = { ID: `${id}word${i + 1}`, CONTENT: word.text, WC: score(word.confidence), ...place };
    const string = xmlElement('String', attributes, [shapeOf(word.polygon, reading)]);
    return i + 1 < all.length ? [string, xmlElement('SP')] : [string];
  });
}

function shapeOf(polygon: Polygon, reading: Reading): XmlElement {
  return xmlElement('Shape', {}, [xmlElement('Polygon', { POINTS: pointList(wholePolygon(polygon, reading)) })]);
}

function placeOf({ left, top, right, bottom }: Box): Record<string, number> {
  return { HPOS: left, VPOS: top, WIDTH: right - left, HEIGHT: bottom - top };
}

function score(confidence: number): string {
  return confidence.toFixed(4);
}
