import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../../../errors.ts';
import { parseXmlTree } from '../xml-tree.ts';
import { parsePageXml } from './parse-page-xml.ts';

const parse = (xml: string) => parsePageXml(parseXmlTree(xml));
const page = (inside: string, version = '2019-07-15') => `<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/${version}">
  <Page imageFilename="a.jpg" imageWidth="300" imageHeight="200">${inside}</Page>
</PcGts>`;
const line = (id: string, text: string, attributes = '') =>
  `<TextLine id="${id}" ${attributes}><Coords points="1,2 30,2 30,12"/><TextEquiv><Unicode>${text}</Unicode></TextEquiv></TextLine>`;
const texts = (xml: string) => parse(xml).lines.map(({ text }) => text);

test.each(['2013-07-15', '2019-07-15'])('a page of %s: picture, size, texts, polygons and baselines', (version) => {
  const xml = page(
    `<TextRegion id="r"><Coords points="0,0 9,0 9,9"/>
      <TextLine id="l1"><Coords points="10,20 100.5,20 100,-3"/><Baseline points="10,19 50,20 100,19"/>
        <TextEquiv><Unicode>Dear &amp; Sir,
          caf&#233;</Unicode></TextEquiv></TextLine>
      <TextLine id="l2"><Coords points="10,40 100,40 100,30 10,30"/><TextEquiv><Unicode/></TextEquiv></TextLine>
    </TextRegion>`,
    version,
  );
  expect(parse(xml)).toEqual({
    imageFile: 'a.jpg',
    size: { width: 300, height: 200 },
    inPixels: true,
    lines: [
      {
        text: 'Dear & Sir, café',
        polygon: [
          [10, 20],
          [100.5, 20],
          [100, -3],
        ],
        baseline: [
          [10, 19],
          [50, 20],
          [100, 19],
        ],
      },
      {
        text: '',
        polygon: [
          [10, 40],
          [100, 40],
          [100, 30],
          [10, 30],
        ],
        baseline: undefined,
      },
    ],
    faults: [],
  });
});

test('a prefix of the namespace, and points as elements of 2010', () => {
  const xml = `<pc:PcGts xmlns:pc="x"><pc:Page imageFilename="a"><pc:TextRegion><pc:TextLine id="l">
    <pc:Coords><pc:Point x="1" y="2"/><pc:Point x="9" y="2"/><pc:Point x="9" y="8"/></pc:Coords>
    <pc:TextEquiv><pc:Unicode>prefixed</pc:Unicode></pc:TextEquiv></pc:TextLine></pc:TextRegion></pc:Page></pc:PcGts>`;
  const { lines, size } = parse(xml);
  expect([size, lines]).toMatchObject([
    undefined,
    [
      {
        text: 'prefixed',
        polygon: [
          [1, 2],
          [9, 2],
          [9, 8],
        ],
      },
    ],
  ]);
});

test('of several texts the lowest index counts; without any the words do', () => {
  const coords = '<Coords points="1,2 30,2 30,12"/>';
  const equiv = (text: string, attributes = '') => `<TextEquiv ${attributes}><Unicode>${text}</Unicode></TextEquiv>`;
  const xml = page(`<TextRegion>
    <TextLine id="a">${coords}${equiv('second', 'index="2"')}${equiv('first', 'index="1"')}${equiv('tenth', 'index="10"')}</TextLine>
    <TextLine id="b">${coords}<Word id="w">${coords}${equiv('two')}</Word><Word id="v">${coords}${equiv('words')}</Word></TextLine>
  </TextRegion>`);
  expect(texts(xml)).toEqual(['first', 'two words']);
});

test('regions go by ReadingOrder, regions within regions too; lines by their own index', () => {
  const xml = page(`<ReadingOrder><OrderedGroup id="g">
      <RegionRefIndexed index="1" regionRef="r1"/><RegionRefIndexed index="0" regionRef="r2"/>
      <UnorderedGroupIndexed index="2"><RegionRef regionRef="r4"/><RegionRef regionRef="r3"/></UnorderedGroupIndexed>
    </OrderedGroup></ReadingOrder>
    <TextRegion id="r0">${line('x', 'in no order')}</TextRegion>
    <TextRegion id="r1">${line('a', 'fourth', 'custom="readingOrder {index:1;}"')}${line('b', 'third', 'custom="structure {type:x;} readingOrder {index:0;}"')}
      <TextRegion id="inner">${line('c', 'fifth')}</TextRegion></TextRegion>
    <TableRegion id="t"><TextRegion id="r2">${line('d', 'second', 'index="7"')}${line('e', 'first', 'index="3"')}</TextRegion></TableRegion>
    <TextRegion id="r3">${line('f', 'sixth')}</TextRegion><TextRegion id="r4">${line('g', 'seventh')}</TextRegion>`);
  expect(texts(xml)).toEqual(['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'in no order']);
});

test('without ReadingOrder the order that Transkribus writes into custom counts, then that of the file', () => {
  const region = (index: number, text: string) =>
    `<TextRegion id="r${index}" custom="readingOrder {index:${index};}">${line(`l${index}`, text)}</TextRegion>`;
  expect(texts(page(region(1, 'second') + region(0, 'first')))).toEqual(['first', 'second']);
  expect(texts(page(`<TextRegion>${line('b', 'one')}${line('a', 'two')}</TextRegion>`))).toEqual(['one', 'two']);
});

test('lines without a place are named by file line and id, the others are read', () => {
  const bad = (id: string, coords: string) => `\n<TextLine id="${id}">${coords}</TextLine>`;
  const xml = page(
    `<TextRegion>${bad('a', '')}${bad('b', '<Coords points="1,2 x,3 4,5"/>')}${bad('c', '<Coords points="1,2 3,4 5"/>')}` +
      `${bad('d', '<Coords points="1,1 5,1 9,1"/>')}${bad('e', '<Coords points=""/>')}${line('f', 'good')}</TextRegion>`,
  );
  const { lines, faults } = parse(xml);
  expect(lines.map(({ text }) => text)).toEqual(['good']);
  expect(faults.map(({ message }) => message)).toEqual([
    'line 4, TextLine a: it has no Coords.',
    'line 5, TextLine b: "1,2 x,3 4,5" is not a list of points x,y.',
    'line 6, TextLine c: "1,2 3,4 5" is not a list of points x,y.',
    'line 7, TextLine d: the polygon of 3 points encloses nothing.',
    'line 8, TextLine e: "" is not a list of points x,y.',
  ]);
});

test('what is not a page is refused', () => {
  expect(() => parse('<PcGts/>')).toThrow('PAGE XML describes one page; this has 0 of them.');
  expect(() => parse('<PcGts><Page imageWidth="wide" imageHeight="3"/></PcGts>')).toThrow(
    'line 1, Page: imageWidth is "wide", not a length.',
  );
});

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

test('texts and points come back as they were written', () => {
  const point = fc.tuple(fc.integer({ min: -50, max: 5000 }), fc.integer({ min: -50, max: 5000 }));
  const text = fc.string({ unit: fc.constantFrom(...'aé&<>"\'# ŋ漢𝔊'), maxLength: 12 });
  const content = fc.record({ text, polygon: fc.array(point, { minLength: 3, maxLength: 6 }) });
  fc.assert(
    fc.property(fc.array(content, { maxLength: 5 }), (contents) => {
      const usable = contents.filter(({ polygon }) =>
        [0, 1].every((axis) => polygon.some((point) => point[axis] !== polygon[0][axis])),
      );
      const xml = page(
        `<TextRegion>${usable
          .map(
            ({ text, polygon }, i) =>
              `<TextLine id="l${i}"><Coords points="${polygon.map(String).join(' ')}"/><TextEquiv><Unicode>${escape(text)}</Unicode></TextEquiv></TextLine>`,
          )
          .join('')}</TextRegion>`,
      );
      const expected = usable.map(({ text, polygon }) => ({
        text: text.replace(/ +/g, ' ').trim(),
        polygon,
        baseline: undefined,
      }));
      expect(parse(xml).lines).toEqual(expected);
    }),
  );
});

test('whatever it is given, parsing ends in a page or in an error of ours', () => {
  const whole = page(`<TextRegion id="r">${line('a', 'one')}${line('b', 'two')}</TextRegion>`);
  const damaged = fc
    .tuple(fc.nat(whole.length), fc.nat(30), fc.string({ maxLength: 6 }))
    .map(([at, length, put]) => whole.slice(0, at) + put + whole.slice(at + length));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string()), (xml) => {
      try {
        expect(Array.isArray(parse(xml).lines)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(TextRecognizerError);
      }
    }),
    { numRuns: 300 },
  );
});
