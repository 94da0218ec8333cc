import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlto } from '../datasets/sources/pages/parse-alto.ts';
import { parsePageXml } from '../datasets/sources/pages/parse-page-xml.ts';
import { parseXmlTree } from '../datasets/sources/xml-tree.ts';
import type { LineReading, Reading } from '../reading/reading.ts';
import { lineReading, rectangle, sampleReading, wordReading } from './testing/sample-reading.ts';
import { validateXml } from './testing/validate-xml.ts';
import { toAlto } from './to-alto.ts';
import { toHocr } from './to-hocr.ts';
import { toJson } from './to-json.ts';
import { toPageXml } from './to-page-xml.ts';

const facts = { file: 'Brief "1" & 2.jpg', created: new Date('2026-11-28T20:00:00Z') };
const blank: Reading = { ...sampleReading, kind: 'blank', text: '', lines: [] };
/** A line that was read as nothing, on less than a pixel beyond the picture's rim. */
const empty: LineReading = lineReading([], {
  polygon: rectangle(400.1, 199.9, 400.4, 200.2),
  baseline: [
    [400.1, 200],
    [400.4, 200],
  ],
});
const odd: Reading = { ...sampleReading, lines: [...sampleReading.lines, empty] };

/** What our import makes of the sample: whole pixels, those beyond the rim moved onto it. */
const imported = [
  {
    text: 'Tom & l’été',
    polygon: [
      [20, 31],
      [300, 18],
      [300, 61],
      [20, 75],
    ],
    baseline: [
      [20, 64],
      [160, 57],
      [300, 50],
    ],
  },
  {
    text: '<ok>',
    polygon: [
      [20, 120],
      [90, 120],
      [90, 160],
      [20, 160],
    ],
    baseline: [
      [20, 150],
      [90, 150],
    ],
  },
];
const emptyImported = {
  text: '',
  polygon: [
    [399, 199],
    [400, 199],
    [400, 200],
    [399, 200],
  ],
  baseline: undefined,
};

describe.each([
  ['PAGE XML', toPageXml, parsePageXml, 'page-2019-07-15.xsd'],
  ['ALTO', toAlto, parseAlto, 'alto-4-4.xsd'],
] as const)('%s', (_, write, parse, schema) => {
  test.each([
    ['a page', sampleReading],
    ['a blank picture', blank],
    ['an empty line at the rim', odd],
  ])('%s is valid', async (_, reading) => {
    expect(await validateXml(write(reading, facts), schema)).toEqual([]);
  });

  test('the schema refuses another document', async () => {
    expect(await validateXml(write(sampleReading, facts).replace(/<(Coords|String) [^>]*>/u, ''), schema)).not.toEqual(
      [],
    );
  });

  test('our import reads the same lines at the same places', () => {
    const page = parse(parseXmlTree(write(odd, facts)));
    expect(page).toEqual({
      imageFile: facts.file,
      size: { width: 400, height: 200 },
      inPixels: true,
      lines: [...imported, emptyImported],
      faults: [],
    });
  });

  test('any text and any place come back', () => {
    const coordinate = fc.double({ min: -50, max: 450, noNaN: true });
    const point = fc.tuple(coordinate, coordinate);
    const word = fc.string({ unit: 'binary', minLength: 1 });
    const line = fc.record({
      words: fc.array(word, { minLength: 1, maxLength: 3 }),
      polygon: fc.array(point, { minLength: 3, maxLength: 6 }),
      baseline: fc.array(point, { minLength: 2, maxLength: 4 }),
    });
    fc.assert(
      fc.property(line, ({ words, polygon, baseline }) => {
        const reading = lineReading(
          words.map((text) => wordReading(text, 0.5, polygon)),
          { polygon, baseline },
        );
        const page = parse(parseXmlTree(write({ ...sampleReading, lines: [reading] }, facts)));
        expect(page.faults).toEqual([]);
        // What XML cannot hold is left out; the import makes every space one space.
        const kept = reading.text.replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
        expect(page.lines[0].text.replaceAll(' ', '')).toBe(kept.replaceAll(/\s+/gu, ''));
        for (const [x, y] of page.lines[0].polygon) {
          expect([x, y].every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
          expect(x <= 400 && y <= 200).toBe(true);
        }
      }),
    );
  });
});

test('PAGE XML has words, confidences, model and time', () => {
  const xml = toPageXml(sampleReading, facts);
  expect(xml).toContain('<Created>2026-11-28T20:00:00.000Z</Created>');
  expect(xml).toContain('<MetadataItem type="processingStep" name="recognition" value="line-recognizer"/>');
  expect(xml).toContain(
    [
      '        <Word id="line1word3">',
      '          <Coords points="160,20 300,20 300,60 160,60"/>',
      '          <TextEquiv conf="0.8750">',
      '            <Unicode>l’été</Unicode>',
    ].join('\n'),
  );
});

test('ALTO has strings with their place and confidence, with spaces between them', () => {
  const xml = toAlto(sampleReading, facts);
  expect(xml).toMatch(
    /<TextLine ID="line1" BASELINE="20,64 160,57 300,50" HPOS="20" VPOS="18" WIDTH="280" HEIGHT="57">/,
  );
  expect(xml).toContain(
    '<String ID="line1word1" CONTENT="Tom" WC="0.9600" HPOS="20" VPOS="30" WIDTH="80" HEIGHT="40">',
  );
  expect(xml.match(/<SP\/>/gu)).toHaveLength(2);
});

test('hOCR has the properties of its specification', () => {
  const html = toHocr({ ...sampleReading, page: 3, pages: 4 }, facts);
  const root = parseXmlTree(html.replace(/<!DOCTYPE[^>]*>\n/u, ''));
  const [page] = root.children[1].children;
  expect(page.attributes).toEqual({
    class: 'ocr_page',
    id: 'page_3',
    title: 'image "Brief \\"1\\" & 2.jpg"; bbox 0 0 400 200; ppageno 2',
  });
  const lines = page.children[0].children[0].children;
  // From (20, 64) to (300, 50): −14 / 280; at x = 20 it is 64 − 75 = −11 below the box's lower left corner.
  expect(lines.map(({ attributes: { title } }) => title)).toEqual([
    'bbox 20 18 300 75; poly 20 31 300 18 300 61 20 75; baseline -0.05 -11',
    'bbox 20 120 90 160; poly 20 120 90 120 90 160 20 160; baseline 0 -10',
  ]);
  expect(lines[0].children.map(({ text, attributes: { title } }) => [text, title])).toEqual([
    ['Tom', 'bbox 20 30 100 70; poly 20 31 100 31 100 70 20 70; x_wconf 96'],
    ['&', 'bbox 120 25 140 65; poly 120 25 140 25 140 65 120 65; x_wconf 50'],
    ['l’été', 'bbox 160 20 300 60; poly 160 20 300 20 300 60 160 60; x_wconf 88'],
  ]);
  expect(parseXmlTree(toHocr(odd, facts).replace(/<!DOCTYPE[^>]*>\n/u, '')).name).toBe('html');
});

test('JSON is the tree with its file, in pixels of the picture', () => {
  const json = JSON.parse(JSON.stringify(toJson(sampleReading, 'a.jpg')));
  expect(json).toMatchObject({ file: 'a.jpg', kind: 'page', text: 'Tom & l’été\n<ok>', confidence: 0.5, width: 400 });
  expect(json).toMatchObject({ lines: [{ words: [{ text: 'Tom' }, {}, {}], baseline: [[20.25, 64], {}, {}] }, {}] });
  expect(json).toMatchObject({ lines: [{ words: [{ characters: [] }, {}, {}] }, {}] });
  expect(json).not.toHaveProperty('lines.0.characters');
});
