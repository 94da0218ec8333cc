import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledLanguageModel } from '../predictors/bundled-language-model.ts';
import { CharacterReader } from './character-reader.ts';
import { loadReader, loadReaders } from './load-reader.ts';

test('a model that cannot be loaded is told after the others have been, and have been freed', async () => {
  const events: string[] = [];
  const close = CharacterReader.prototype.close;
  CharacterReader.prototype.close = async function (this: CharacterReader) {
    events.push(`closed ${this.manifest.name}`);
    await close.call(this);
  };
  try {
    const error: unknown = await loadReaders(['nope', 'mlp', 'character-cnn']).catch((reason: unknown) => reason);
    events.push('refused');
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(events).toEqual(['closed mlp', 'closed character-cnn', 'refused']);
  } finally {
    CharacterReader.prototype.close = close;
  }
});

test('a language model that is missing or has one byte changed is refused by name; without it, it must be asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'language-model-'));
  const file = join(folder, 'language-model.bin');
  const load = (languageModel: string | false) => loadReader('line-recognizer', { languageModel });
  const named = expect.stringMatching(new RegExp(`${file}.*TEXT_RECOGNIZER_LANGUAGE_MODEL=no`));
  try {
    await expect(load(file)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', message: named });
    const bytes = readFileSync(bundledLanguageModel);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    await expect(load(file)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', message: named });
    const reader = await load(false);
    expect(reader.decoders).toEqual(['greedy', 'beam']);
    await reader.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
