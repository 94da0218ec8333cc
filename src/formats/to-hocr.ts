import type { Box } from '../images/crop.ts';
import type { LineReading, Polygon, Reading, WordReading } from '../reading/reading.ts';
import { type PageFacts, SOFTWARE } from './page-facts.ts';
import { boxAround, boxOf, wholePoints, wholePolygon } from './whole-places.ts';
import { writeXml, xmlElement, type XmlElement } from './xml-element.ts';

const DOCTYPE =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n';
const CAPABILITIES = 'ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_poly ocrp_wconf';

/** A reading as hOCR 1.2 (http://kba.github.io/hocr-spec/1.2), which is XHTML: one area with lines in reading order. Places are whole pixels. */
export function toHocr(reading: Reading, { file }: PageFacts): string {
  const { lines, width, height, page = 1 } = reading;
  const title = `image ${quoted(file)}; bbox 0 0 ${width} ${height}; ppageno ${page - 1}`;
  const sheet = xmlElement('div', { class: 'ocr_page', id: `page_${page}`, title }, [
    lines.length > 0 ? areaOf(reading) : undefined,
  ]);
  const meta = (name: string, content: string) => xmlElement('meta', { name, content });
  const head = xmlElement('head', {}, [
    xmlElement('title', {}, file),
    xmlElement('meta', { 'http-equiv': 'Content-Type', content: 'text/html;charset=utf-8' }),
    meta('ocr-system', `${SOFTWARE}, model ${reading.model}`),
    meta('ocr-capabilities', CAPABILITIES),
    meta('ocr-number-of-pages', '1'),
  ]);
  const root = xmlElement('html', { xmlns: 'http://www.w3.org/1999/xhtml' }, [head, xmlElement('body', {}, [sheet])]);
  return writeXml(root, DOCTYPE);
}

function areaOf(reading: Reading): XmlElement {
  const title = bbox(boxAround(reading.lines, reading));
  const lines = reading.lines.map((line, i) => lineOf(line, i + 1, reading));
  return xmlElement('div', { class: 'ocr_carea', id: 'block_1', title }, [
    xmlElement('p', { class: 'ocr_par', id: 'par_1', title }, lines),
  ]);
}

function lineOf(line: LineReading, number: number, reading: Reading): XmlElement {
  const box = boxOf(line.polygon, reading);
  const title = [bbox(box), poly(line.polygon, reading), baselineOf(line, box, reading)].filter(Boolean).join('; ');
  const words = line.words.map((word, i) => wordOf(word, `word_${number}_${i + 1}`, reading));
  return xmlElement('span', { class: 'ocr_line', id: `line_${number}`, title }, words);
}

function wordOf({ text, confidence, polygon }: WordReading, id: string, reading: Reading): XmlElement {
  const title = `${bbox(boxOf(polygon, reading))}; ${poly(polygon, reading)}; x_wconf ${Math.round(100 * confidence)}`;
  return xmlElement('span', { class: 'ocrx_word', id, title }, text);
}

/** The straight line through the ends of the baseline: its slope, and how far it is below the box's lower left corner. */
function baselineOf({ baseline }: LineReading, { left, bottom }: Box, reading: Reading): string | undefined {
  const points = wholePoints(baseline, reading);
  const [[x0, y0], [x1, y1]] = [points[0], points[points.length - 1]];
  if (x1 <= x0) return undefined;
  const slope = (y1 - y0) / (x1 - x0);
  return `baseline ${Number(slope.toFixed(4))} ${Math.round(y0 + slope * (left - x0) - bottom)}`;
}

function bbox({ left, top, right, bottom }: Box): string {
  return `bbox ${left} ${top} ${right} ${bottom}`;
}

function poly(polygon: Polygon, reading: Reading): string {
  return `poly ${wholePolygon(polygon, reading).flat().join(' ')}`;
}

/** A string within a property; the quotes and backslashes in it are escaped. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/gu, '\\$&')}"`;
}
