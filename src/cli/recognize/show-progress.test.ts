import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { progressLine, showProgress } from './show-progress.ts';

const at = { files: 10, done: 4, earlier: 1, pages: 30, share: 0, seconds: 15 };

test('rate, and the time left by the files of this run', () => {
  expect(progressLine(at)).toBe('4 of 10 files, 30 pages, 2.0 pages/s, 30 s left');
  expect(progressLine({ ...at, files: 604 })).toBe('4 of 604 files, 30 pages, 2.0 pages/s, 50 min left');
  expect(progressLine({ ...at, files: 3604 })).toBe('4 of 3604 files, 30 pages, 2.0 pages/s, 5.0 h left');
  expect(progressLine({ ...at, done: 1 })).toBe('1 of 10 files, 30 pages, 2.0 pages/s');
});

test('the pages of one long file count, too', () => {
  const long = { files: 1, done: 0, earlier: 0, pages: 30, share: 0.1, seconds: 15 };
  expect(progressLine(long)).toBe('0 of 1 files, 30 pages, 2.0 pages/s, 2 min left');
});

test('a terminal has a line that is drawn over, anything else has none', async () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.WriteStream;
  const progress = showProgress(2, terminal);
  progress.open(4);
  progress.page();
  progress.clear();
  progress.file(false);
  terminal.end();
  const drawn = (await text(terminal)).split('\r\u001b[K');
  expect(drawn).toEqual([
    '',
    expect.stringMatching(/^0 of 2 files, 1 pages, .* pages\/s, \d+ .* left$/),
    '',
    expect.stringMatching(/^1 of 2 files, 1 pages, /),
  ]);
  const file = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.WriteStream;
  showProgress(2, file).page();
  file.end();
  expect(await text(file)).toBe('');
});
