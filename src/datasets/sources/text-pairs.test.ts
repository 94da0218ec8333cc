import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TextRecognizerError } from '../../errors.ts';
import { encodePng } from '../../images/testing/encode-png.ts';
import { draw } from '../../images/testing/draw.ts';
import { hasTextPairs, readTextPairs } from './text-pairs.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pairs-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const picture = await encodePng(
  draw(120, 48, (x, y) => (x >= 20 && x < 100 && x % 12 < 4 && y >= 12 && y < 36 ? 20 : 235)),
);

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

test('pictures of all names that OCRopus, kraken and Tesseract use', async () => {
  expect(await hasTextPairs(folder)).toBe(false);
  await put('0001/010001.bin.png', picture);
  await put('0001/010001.gt.txt', '\ufeffcafe\u0301  au lait\r\n');
  await put('0002/line.v2.tif', picture);
  await put('0002/line.v2.gt.txt', 'two\n\n');
  await put('plain.png', picture);
  await put('plain.bin.png', 'is not looked at');
  await put('plain.gt.txt', 'three');
  await put('empty.png', picture);
  await put('empty.gt.txt', ' \n');
  await put('._plain.gt.txt', 'of macOS');
  expect(await hasTextPairs(folder)).toBe(true);
  const { dataset, licence, leftOut } = await readTextPairs(folder, { name: 'pairs', licence: 'CC0' });
  expect(dataset.lines).toEqual([
    { id: '0001/010001', text: 'café au lait', page: '0001' },
    { id: '0002/line.v2', text: 'two', page: '0002' },
    { id: 'plain', text: 'three' },
  ]);
  expect([dataset.height, licence, leftOut]).toEqual([64, 'CC0', 1]);
  expect((await readTextPairs(folder, { name: 'pairs', prefix: 'pl' })).dataset.length).toBe(1);
});

test('bad ones are named with the line, refused or skipped', async () => {
  await put('a.png', picture);
  await put('a.gt.txt', 'fine');
  await put('b.gt.txt', 'no picture');
  await put('c.png', picture);
  await put('c.gt.txt', 'one\n\ntwo\n');
  await put('d.png', picture);
  await put('d.gt.txt', Buffer.from('caf\xe9', 'latin1'));
  await put('e.png', 'no picture');
  await put('e.gt.txt', 'broken');
  await expect(readTextPairs(folder, { name: 'x' })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringMatching(/b\.gt\.txt: The picture b\.png \(or \.jpg/),
  });
  const notices: string[] = [];
  const onNotice = (notice: string) => notices.push(notice);
  expect((await readTextPairs(folder, { name: 'x', skipBad: true, onNotice })).dataset.length).toBe(1);
  expect(notices).toEqual([
    expect.stringMatching(
      /4 files are skipped:\n.*b\.gt\.txt: .*\n.*c\.gt\.txt: It has 2 lines \(the second is line 3\).*\n.*d\.gt\.txt: Line 1 is not UTF-8.*\n.*e\.gt\.txt: /,
    ),
  ]);
});

test('whatever the text is, reading ends in lines or in an error of ours', async () => {
  await put('a.png', picture);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 12 }), async (bytes) => {
      await put('a.gt.txt', bytes);
      try {
        const { dataset } = await readTextPairs(folder, { name: 'x' });
        expect(dataset.lines[0].text).not.toMatch(/^\s|\s$|[\n\r\ufffd]/u);
      } catch (error) {
        expect(error).toBeInstanceOf(TextRecognizerError);
      }
    }),
    { numRuns: 40 },
  );
});
