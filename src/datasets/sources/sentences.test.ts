import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineAlphabet } from '../../text/line-alphabet.ts';
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
