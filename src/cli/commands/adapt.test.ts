import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { type Adapter, decodeAdapter, encodeAdapter } from '../../models/adapter.ts';
import { adaptCommand } from './adapt.ts';
import { adaptersCommand } from './adapters.ts';

const folder = mkdtempSync(join(tmpdir(), 'adapt-command-'));
afterAll(() => rm(folder, { recursive: true }));

function writeAdapter(file: string, name: string, bias: readonly number[]): string {
  const adapter: Adapter = {
    about: {
      format: 1,
      name,
      base: { name: 'line-recognizer', sha256: 'a'.repeat(64) },
      licence: 'MIT',
      data: [{ name: 'letters', lines: 64, licence: 'CC0' }],
      recipe: {},
      date: '2026-11-28',
      heldOut: { lines: 16, characters: 600, before: 120, after: 60 },
      others: { 'emnist-lines': { lines: 100, characters: 3000, before: 300, after: 330 } },
    },
    differences: new Map([['stem.bias', Float32Array.from(bias)]]),
  };
  const path = join(folder, file);
  writeFileSync(path, encodeAdapter(adapter));
  return path;
}

/** What a command prints. */
async function printed(run: () => Promise<unknown>): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await run();
    return log.mock.calls.flat().join('\n');
  } finally {
    log.mockRestore();
  }
}

const adapters = (...args: readonly string[]) => adaptersCommand().parseAsync(args, { from: 'user' });

test('adapters show says what an adapter is', async () => {
  const path = writeAdapter('mine.safetensors', 'my-hand', [1]);
  expect((await printed(() => adapters('show', path))).split('\n')).toEqual([
    'my-hand, an adapter of line-recognizer, from 64 lines of letters; licence: MIT',
    '  the hand, lines held out: CER 20.0 % → 10.0 % on 16 lines, 50 % fewer',
    '  others, emnist-lines: CER 10.0 % → 11.0 % on 100 lines, 10 % more',
  ]);
  const json = JSON.parse(await printed(() => adapters('show', path, '--json'))) as { name: string };
  expect(json).toMatchObject({ file: path, name: 'my-hand', base: { name: 'line-recognizer' } });
});

test('adapters combine writes the weighted sum, under the name of its file', async () => {
  const [mine, hers] = [writeAdapter('a.safetensors', 'mine', [2, 4]), writeAdapter('b.safetensors', 'hers', [8, 0])];
  const output = join(folder, 'Both of us.safetensors');
  await printed(() => adapters('combine', mine, hers, '--weights', '0.5,0.25', '--output', output));
  const both = decodeAdapter(readFileSync(output), output);
  expect(both.about.name).toBe('both-of-us');
  expect([...both.differences.get('stem.bias')!]).toEqual([3, 2]);
  await printed(() => adapters('combine', mine, hers, '--output', output));
  expect([...decodeAdapter(readFileSync(output), output).differences.get('stem.bias')!]).toEqual([5, 2]);
});

test.each([
  ['--weights', '1', /2 files and 1 weights/],
  ['--weights', '1,x', /'1,x' must be numbers/],
  ['--name', 'My hand', /'My hand'/],
])('adapters combine refuses %s %s', async (flag, value, message) => {
  const [mine, hers] = [writeAdapter('a.safetensors', 'mine', [2]), writeAdapter('b.safetensors', 'hers', [8])];
  const output = join(folder, 'refused.safetensors');
  await expect(adapters('combine', mine, hers, flag, value, '--output', output)).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  );
});

test.each([
  ['lines that are missing', ['line-recognizer', '--data', join(folder, 'nothing')], 'DATASET_NOT_FOUND'],
  ['a folder without lines', ['line-recognizer', '--data', join(folder, 'empty')], 'DATASET_INVALID'],
  ['a model that is missing', ['no-such-model', '--data', 'iam-val'], 'MODEL_NOT_FOUND'],
  [
    'a place where nothing can be written',
    ['line-recognizer', '--data', 'x', '--output', join(folder, 'file', 'b')],
    'FILE_NOT_WRITABLE',
  ],
])('adapt refuses %s', async (_, args, code) => {
  mkdirSync(join(folder, 'empty'), { recursive: true });
  writeFileSync(join(folder, 'file'), '');
  const output = args.includes('--output') ? [] : ['--output', join(folder, 'new.safetensors')];
  await expect(adaptCommand().parseAsync([...args, ...output], { from: 'user' })).rejects.toThrow(
    expect.objectContaining({ code }),
  );
});
