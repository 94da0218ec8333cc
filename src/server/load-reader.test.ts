import { expect, test } from 'vitest';
import { CharacterReader } from './character-reader.ts';
import { loadReaders } from './load-reader.ts';

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
