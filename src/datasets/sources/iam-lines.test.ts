import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../../errors.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { readIamLines } from './iam-lines.ts';
import { iamPartIds } from './iam-splits.ts';
import { parseIamForm, parseIamForms, parseIamLines } from './iam-transcripts.ts';
import { joinTokens } from './join-tokens.ts';

const table = `#--- lines.txt ---#
#
a01-000u-00 ok 154 1 3 2 4 2 A|MOVE|to|stop|Mr.|Gaitskell|from
a01-000u-01 ok 156 1 1 5 6 3 "|We|'re|here|,|"|he|said|(|twice|)|.
c04-156-00 err 160 1 1 1 2 2 It|was
c04-110-00 ok 160 1 1 1 2 2 Become
`;

const form = `<?xml version="1.0" encoding="ISO-8859-1"?>
<form created="x" id="a01-000u" writer-id="000">
 <machine-printed-part><machine-print-line text="A MOVE"/></machine-printed-part>
 <handwritten-part>
  <line asx="0" id="a01-000u-00" segmentation="ok" text="A MOVE to stop &quot;Mr.&quot; Gaitskell &amp; from">
   <word id="a01-000u-00-00" tag="AT" text="A"><cmp x="3" y="3" width="1" height="1"/></word>
   <word id="a01-000u-00-01" tag="NN" text="MOVE"><cmp x="4" y="2" width="2" height="2"/><cmp x="6" y="2" width="1" height="1"/></word>
  </line>
 </handwritten-part>
</form>`;

/** The gradient that lines are cut from: a pixel is 10·y + x. */
const page = Buffer.from(Array.from({ length: 100 }, (_, at) => at));
const png = (left: number, top: number, width: number, height: number) =>
  sharp(page, { raw: { width: 10, height: 10, channels: 1 } })
    .extract({ left, top, width, height })
    .png()
    .toBuffer();

/** A stem that brings every line to 2 rows. */
const stem = ({ width, data }: GrayImage): GrayImage => ({ width, height: 2, data: data.slice(0, 2 * width) });

async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'iam-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

test('joins tokens as they are on the paper', () => {
  const join = (tokens: string) => joinTokens(tokens.split('|'));
  expect(join("You|'re|a|star|...|.")).toBe("You're a star....");
  expect(join('"|Why|?|"|he|asked|,|"|Is|n\'t|it|mine|?|"')).toBe('"Why?" he asked, "Isn\'t it mine?"');
  expect(join("the|two|main|settlers|'|parties|-|and")).toBe("the two main settlers' parties - and");
  expect(join('(|B B C|,|8.25|)|.')).toBe('(B B C, 8.25).');
  expect(join("becomes|'|stringy|'|,|is")).toBe("becomes 'stringy', is");
});

test('reads the tables', () => {
  expect(parseIamLines(table)[1]).toEqual({
    id: 'a01-000u-01',
    form: 'a01-000u',
    text: '"We\'re here," he said (twice).',
    box: { left: 1, top: 5, right: 7, bottom: 8 },
  });
  expect([...parseIamForms('# forms\na01-000u 000 2 prt 7 5 52 36\n')]).toEqual([['a01-000u', '000']]);
  expect(() => parseIamLines('a01-000u-00 ok 154 1 3 2 4')).toThrow(/Row 1 of lines.txt/);
  expect(() => parseIamLines('a01-000u-00 ok 154 1 3 x 4 2 A')).toThrow(/Row 1 of lines.txt/);
  expect(() => parseIamLines('elsewhere ok 154 1 3 2 4 2 A')).toThrow(/"elsewhere" is not the id of an IAM form/);
});

test('reads the XML of a form: texts with their entities, boxes around the words', () => {
  expect(parseIamForm(form)).toEqual([
    {
      id: 'a01-000u-00',
      form: 'a01-000u',
      text: 'A MOVE to stop "Mr." Gaitskell & from',
      writer: '000',
      box: { left: 3, top: 2, right: 7, bottom: 4 },
    },
  ]);
  expect(() => parseIamForm('<html/>')).toThrow(/not the XML of an IAM form: it has no form/);
  expect(() => parseIamForm(form.replace(/text="A M[^"]*Gait[^"]*"/, ''))).toThrow(/line a01-000u-00 has no text/);
  expect(() => parseIamForm('<form')).toThrow(/not (the )?XML/);
});

test('whatever it is given, reading ends in lines or in an error of ours', () => {
  const parsers = [parseIamLines, parseIamForms, parseIamForm] as const;
  const broken = fc.oneof(fc.string(), mutated(table), mutated(form));
  fc.assert(
    fc.property(broken, fc.constantFrom(...parsers), (content, parse) => {
      try {
        parse(content);
      } catch (error) {
        expect(error).toBeInstanceOf(TextRecognizerError);
      }
    }),
    { numRuns: 300 },
  );
});

/** `content` with a few characters cut out and others put there. */
function mutated(content: string) {
  const place = fc.nat({ max: content.length });
  return fc
    .tuple(place, fc.nat({ max: 30 }), fc.string({ maxLength: 5 }))
    .map(([at, cut, put]) => content.slice(0, at) + put + content.slice(at + cut));
}

test('the Aachen split has as many forms as in the papers, and no form twice', () => {
  const parts = (['train', 'val', 'test'] as const).map((part) => Array.from(iamPartIds('aachen', part, '')));
  expect(parts.map((forms) => forms.length)).toEqual([747, 116, 336]);
  expect(new Set(parts.flat()).size).toBe(747 + 116 + 336);
  expect(parts.map((forms) => forms[0])).toEqual(['a01-000u', 'c04-156', 'c04-110']);
});

test('reads line images with ascii/, by split', async () => {
  const folder = await folderWith({
    'ascii/lines.txt': table,
    'ascii/forms.txt': 'a01-000u 000 2 prt 7 5 52 36\nc04-156 171 1\n',
    'lines/a01/a01-000u/a01-000u-00.png': await png(3, 2, 4, 2),
    'lines/a01/a01-000u/a01-000u-01.png': await png(1, 5, 6, 3),
    'lines/c04/c04-156/c04-156-00.png': await png(1, 1, 2, 2),
    'task/trainset.txt': 'a01-000u-00\n',
    'task/validationset1.txt': 'a01-000u-01\n',
    'task/validationset2.txt': 'c04-156\n',
  });
  const train = await readIamLines(folder, { split: 'aachen', part: 'train', stem });
  expect(train.lines).toEqual([
    { id: 'a01-000u-00', text: 'A MOVE to stop Mr. Gaitskell from', page: 'a01-000u', writer: '000' },
    { id: 'a01-000u-01', text: '"We\'re here," he said (twice).', page: 'a01-000u', writer: '000' },
  ]);
  expect([...train.image(0).data]).toEqual([23, 24, 25, 26, 33, 34, 35, 36]);
  const val = await readIamLines(folder, { split: 'lwitlrt', part: 'val', stem });
  expect(val.lines.map(({ id }) => id)).toEqual(['a01-000u-01', 'c04-156-00']);
  await expect(readIamLines(folder, { split: 'lwitlrt', part: 'test', stem })).rejects.toThrow(
    /testset.txt is in none of/,
  );
  await expect(readIamLines(folder, { split: 'aachen', part: 'test', stem })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
  await rm(folder, { recursive: true });
});

test('cuts lines from forms with xml/', async () => {
  const folder = await folderWith({ 'xml/a01-000u.xml': form, 'forms/a01-000u.png': await png(0, 0, 10, 10) });
  const train = await readIamLines(folder, { split: 'aachen', part: 'train', stem });
  expect([...train.image(0).data]).toEqual([23, 24, 25, 26, 33, 34, 35, 36]);
  expect(train.lines[0].text).toBe('A MOVE to stop "Mr." Gaitskell & from');
  await expect(readIamLines(folder, { split: 'aachen', part: 'val', stem })).rejects.toThrow(
    /No transcription .* of the val part of aachen/,
  );
});

test('folders may be flat, XML is read in its encoding, and files of macOS are skipped', async () => {
  const accented = form.replace('Gaitskell', 'G\xe9');
  const folder = await folderWith({
    'a01-000u.xml': Buffer.from(accented, 'latin1'),
    '._a01-000u.xml': 'of macOS',
    'a01-000u-00.png': await png(3, 2, 4, 2),
    '._a01-000u-00.png': 'of macOS',
  });
  const train = await readIamLines(folder, { split: 'aachen', part: 'train', stem });
  expect(train.lines[0].text).toBe('A MOVE to stop "Mr." Gé & from');
  expect([...train.image(0).data]).toEqual([23, 24, 25, 26, 33, 34, 35, 36]);
});

test('one bad file is named, and costs no other if it is to be skipped', async () => {
  const folder = await folderWith({
    'xml/a01-000u.xml': form,
    'xml/a01-000x.xml': form.slice(0, 300),
    'xml/a01-003.xml': form.replaceAll('000u', '003'),
    'xml/a01-003u.xml': '',
    'formsA-D/a01-000u.png': await png(0, 0, 10, 10),
    'formsA-D/a01-003.png': await png(0, 0, 2, 2),
  });
  const options = { split: 'aachen', part: 'train', stem } as const;
  await expect(readIamLines(folder, options)).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/a01-000x\.xml: This is not XML.* --skip-bad/),
  });
  const notices: string[] = [];
  const train = await readIamLines(folder, { ...options, skipBad: true, onNotice: (notice) => notices.push(notice) });
  expect(train.lines.map(({ id }) => id)).toEqual(['a01-000u-00']);
  expect(notices).toEqual([
    expect.stringMatching(/: 3 files are skipped:\n.*a01-000x.*\n.*a01-003u.*\n.*The box of a01-003-00 lies outside/),
  ]);
});

test('says where to get what is missing', async () => {
  const empty = await folderWith({});
  await expect(readIamLines(empty, { split: 'aachen', part: 'train', stem })).rejects.toThrow(
    /neither xml\/ nor ascii\/lines.txt. Register/,
  );
});
