import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineAlphabet } from '../../text/line-alphabet.ts';
import { joinBrownTokens, readBrownSentences } from './sentences-brown.ts';
import { readSentences } from './sentences.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sentences-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

describe('readSentences', () => {
  it('reads plain and packed lists, without blank lines', async () => {
    const list = 'Où est-il?\n\n Here. \n';
    expect(await readSentences(await file('a.txt', list))).toEqual(['Où est-il?', 'Here.']);
    expect(await readSentences(await file('a.txt.gz', gzipSync(list)))).toEqual(['Où est-il?', 'Here.']);
  });

  it('says what is wrong with a file', async () => {
    await expect(readSentences(join(folder, 'none'))).rejects.toThrow(/data\/sentences/);
    await expect(readSentences(await file('empty', '\n'))).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
    const cut = gzipSync('a'.repeat(1000)).subarray(0, 20);
    await expect(readSentences(await file('cut.gz', cut))).rejects.toThrow(/not a whole gzip/);
  });

  it('finds the bundled lists disjoint and in the alphabet of the line recognizers', async () => {
    const seen = new Set<string>();
    for (const language of ['en', 'fr']) {
      for (const split of ['train', 'val', 'test']) {
        const sentences = await readSentences(`data/sentences/${language}-${split}.txt.gz`);
        expect(sentences.length).toBeGreaterThan(400);
        const letters = new Set(sentences.map((sentence) => sentence.toLowerCase().replace(/[^\p{Letter}]/gu, '')));
        for (const key of letters) expect(seen.has(key), key).toBe(false);
        for (const key of letters) seen.add(key);
        expect(lineAlphabet.unknownCharacters(sentences.join(''))).toEqual([]);
      }
    }
  });
});

describe('readBrownSentences', () => {
  it.each([
    ["The/at jury/nn ``/`` praised/vbd ''/'' it/ppo --/-- twice/rb ./.", 'The jury "praised" it - twice.'],
    ['Ivan/np Jr./np ./.', 'Ivan Jr.'],
    ['Why/wrb (/( you/ppss )/) ?/. ?/. ', 'Why (you)?'],
    ["He/pps said/vbd '/' no/rb '/' ,/, 1/cd //in 2/cd %/nn ./.", "He said 'no', 1 / 2%."],
    ['', ''],
  ])('joins %s', (line, expected) => {
    expect(joinBrownTokens(line)).toBe(expected);
  });

  // A zip file with ca01 ("A/at cat/nn ./.") and cats.txt ("ca01 news"), stored, made with Python's zipfile.
  const archive = Buffer.from(
    [
      'UEsDBBQAAAAAAAAAIVBCyiJ8EwAAABMAAAAKAAAAYnJvd24vY2EwMQoJQS9hdCBjYXQvbm4gLi8uCgpQSwMEFAAAAAAAAAAhUKzJ',
      'tIEKAAAACgAAAA4AAABicm93bi9jYXRzLnR4dGNhMDEgbmV3cwpQSwECFAMUAAAAAAAAACFQQsoifBMAAAATAAAACgAAAAAAAAAA',
      'AAAAgAEAAAAAYnJvd24vY2EwMVBLAQIUAxQAAAAAAAAAIVCsybSBCgAAAAoAAAAOAAAAAAAAAAAAAACAATsAAABicm93bi9jYXRz',
      'LnR4dFBLBQYAAAAAAgACAHQAAABxAAAAAAA=',
    ].join(''),
    'base64',
  );

  it('reads the samples of an archive', async () => {
    expect(await readBrownSentences(await file('brown.zip', archive))).toEqual(['A cat.']);
  });

  it('says what is wrong with an archive', async () => {
    await expect(readBrownSentences(join(folder, 'none.zip'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(readBrownSentences(await file('cut.zip', archive.subarray(0, 60)))).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
    });
  });
});
