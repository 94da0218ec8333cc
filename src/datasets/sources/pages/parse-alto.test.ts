import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../../../errors.ts';
import { parseXmlTree } from '../xml-tree.ts';
import { parseAlto } from './parse-alto.ts';

const parse = (xml: string) => parseAlto(parseXmlTree(xml));
const alto = (inside: string, { unit = 'pixel', order = '', page = 'WIDTH="300" HEIGHT="200"' } = {}) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">
  <Description><MeasurementUnit>${unit}</MeasurementUnit><sourceImageInformation><fileName>p 1.jpg</fileName></sourceImageInformation></Description>
  ${order}
  <Layout><Page ${page} ID="p"><PrintSpace>${inside}</PrintSpace></Page></Layout>
</alto>`;
const box = 'HPOS="10" VPOS="20" WIDTH="100" HEIGHT="30"';
const line = (id: string, text: string) => `<TextLine ID="${id}" ${box}><String CONTENT="${text}"/></TextLine>`;
const boxPoints = [
  [10, 20],
  [110, 20],
  [110, 50],
  [10, 50],
];

test('versions 2 and 3: boxes, a level baseline, words, a hyphen', () => {
  const xml = alto(`<ComposedBlock ID="c"><TextBlock ID="b"><TextLine ID="l" ${box} BASELINE="44.5">
    <String CONTENT="Hello"/><SP WIDTH="4"/><String CONTENT="&amp; fare" SUBS_TYPE="HypPart1" SUBS_CONTENT="farewell"/><HYP CONTENT="-"/>
  </TextLine></TextBlock></ComposedBlock>`);
  expect(parse(xml)).toEqual({
    imageFile: 'p 1.jpg',
    size: { width: 300, height: 200 },
    inPixels: true,
    lines: [
      {
        text: 'Hello & fare-',
        polygon: boxPoints,
        baseline: [
          [10, 44.5],
          [110, 44.5],
        ],
      },
    ],
    faults: [],
  });
});

test.each([
  ['1 2 30 4 30 9', '1 8 30 9'],
  ['1,2 30,4 30,9', '1,8 30,9'],
])('version 4: polygon %s and baseline %s', (points, baseline) => {
  const xml = alto(
    `<TextBlock ID="b"><TextLine ID="l" ${box} BASELINE="${baseline}"><Shape><Polygon POINTS="${points}"/></Shape><String CONTENT="x"/></TextLine></TextBlock>`,
  );
  expect(parse(xml).lines).toEqual([
    {
      text: 'x',
      polygon: [
        [1, 2],
        [30, 4],
        [30, 9],
      ],
      baseline: [
        [1, 8],
        [30, 9],
      ],
    },
  ]);
});

test('ReadingOrder names blocks or lines', () => {
  const blocks = `<TextBlock ID="b1">${line('l1', 'one')}${line('l2', 'two')}</TextBlock><TextBlock ID="b2">${line('l3', 'three')}</TextBlock>`;
  const order = (...ids: string[]) =>
    `<ReadingOrder><OrderedGroup ID="g">${ids.map((id) => `<ElementRef ID="_${id}" REF="${id}"/>`).join('')}</OrderedGroup></ReadingOrder>`;
  const texts = (order?: string) => parse(alto(blocks, { order })).lines.map(({ text }) => text);
  expect(texts()).toEqual(['one', 'two', 'three']);
  expect(texts(order('b2', 'b1'))).toEqual(['three', 'one', 'two']);
  expect(texts(order('l2', 'l3', 'l1'))).toEqual(['two', 'three', 'one']);
});

test('other units need the size of the page', () => {
  const xml = (page?: string) => alto(line('l', 'x'), { unit: 'mm10', page });
  expect(parse(xml())).toMatchObject({ inPixels: false, size: { width: 300, height: 200 } });
  expect(() => parse(xml('WIDTH="0" HEIGHT="0"'))).toThrow(
    /^line 5: places are in mm10, so Page needs WIDTH and HEIGHT/,
  );
});

test('lines without text are kept as such; those without a place are faults', () => {
  const { lines, faults } = parse(
    alto(
      `<TextBlock ID="b"><TextLine ID="e" ${box}/>\n<TextLine ID="n" HPOS="1" VPOS="2"><String CONTENT="x"/></TextLine></TextBlock>`,
    ),
  );
  expect(lines).toEqual([{ text: '', polygon: boxPoints, baseline: undefined }]);
  expect(faults.map(({ code, message }) => [code, message])).toEqual([
    ['DATASET_INVALID', 'line 6, TextLine n: it has neither a Polygon nor HPOS, VPOS, WIDTH and HEIGHT.'],
  ]);
});

test('one page only', () => {
  expect(() => parse('<alto><Layout><Page/><Page/></Layout></alto>')).toThrow('this has 2 of them');
  expect(() => parse('<alto/>')).toThrow('this has 0 of them');
});

test('whatever it is given, parsing ends in a page or in an error of ours', () => {
  const whole = alto(`<TextBlock ID="b">${line('l1', 'one')}${line('l2', 'two')}</TextBlock>`);
  const damaged = fc
    .tuple(fc.nat(whole.length), fc.nat(30), fc.string({ maxLength: 6 }))
    .map(([at, length, put]) => whole.slice(0, at) + put + whole.slice(at + length));
  fc.assert(
    fc.property(damaged, (xml) => {
      try {
        expect(Array.isArray(parse(xml).lines)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(TextRecognizerError);
      }
    }),
    { numRuns: 300 },
  );
});
