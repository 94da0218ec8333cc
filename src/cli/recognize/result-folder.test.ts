import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JOURNAL, ResultFolder } from './result-folder.ts';
import { Totals } from './totals.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'results-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const options = { format: 'text' };
const entry = { file: 'a.pdf', page: 1, pages: 2, output: 'a-0001.txt', lines: 3, words: 4, confidence: 0.5 };

test('what was noted is done for the next run, and counted', async () => {
  const first = await ResultFolder.open(folder, options, new Totals());
  await first.writeFile('a-0001.txt', 'text');
  await first.note(entry);
  await first.note({ file: 'b.png', error: { code: 'INVALID_IMAGE', message: 'broken' } });
  await first.note({ finished: 'c' });
  expect(first.has('a-0001.txt')).toBe(false);
  await first.close();
  const totals = new Totals();
  const second = await ResultFolder.open(folder, options, totals);
  expect(['a-0001.txt', 'a-0002.txt', 'b.txt', 'c'].map((output) => second.has(output))).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(String(totals)).toBe('1 page read (1 of them before): 3 lines, 4 words, mean confidence 50.0 %.');
  await second.close();
  expect((await readdir(folder)).toSorted()).toEqual(['a-0001.txt', JOURNAL]);
});

test('a last line that was cut short is taken away, and what it noted is done again', async () => {
  const first = await ResultFolder.open(folder, options, new Totals());
  await first.note(entry);
  await first.close();
  await appendFile(join(folder, JOURNAL), '{"file":"b.png","outp');
  const second = await ResultFolder.open(folder, options, new Totals());
  expect([second.has('a-0001.txt'), second.has('b.txt')]).toEqual([true, false]);
  await second.note({ ...entry, output: 'b.txt' });
  await second.close();
  const lines = (await readFile(join(folder, JOURNAL), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).output)).toEqual([undefined, 'a-0001.txt', 'b.txt']);
});

test('a run that was killed before its first line begins anew', async () => {
  await writeFile(join(folder, JOURNAL), '{"opti');
  const opened = await ResultFolder.open(folder, options, new Totals());
  await opened.close();
  expect(await readFile(join(folder, JOURNAL), 'utf8')).toBe('{"options":{"format":"text"}}\n');
});

test('other options, another process and a damaged journal are refused', async () => {
  const opened = await ResultFolder.open(folder, options, new Totals());
  await expect(ResultFolder.open(folder, options, new Totals())).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
  await opened.close();
  await expect(ResultFolder.open(folder, { format: 'json' }, new Totals())).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/made with \{"options":\{"format":"text"\}\}, and this is/),
  });
  await appendFile(join(folder, JOURNAL), 'what?\n');
  await expect(ResultFolder.open(folder, options, new Totals())).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringContaining('Line 2 of'),
  });
});
