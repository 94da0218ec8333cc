import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TextRecognizerError } from '../src/errors.ts';
import { ENCODED, encoded, pngClaiming30000Square } from '../src/images/testing/encoded-images.ts';
import { mutatedInputs, mutationSeed } from '../src/images/testing/mutated-inputs.ts';
import { CharacterPredictor } from '../src/reading/character-predictor.ts';

/** `TEXT_RECOGNIZER_FUZZ=10000 npm test -- tests/mutated-inputs.test.ts` tries as many. */
const count = Number(process.env.TEXT_RECOGNIZER_FUZZ ?? 150);
const mebibyte = 2 ** 20;

vi.setConfig({ testTimeout: 60_000 + 100 * count, hookTimeout: 60_000 });

let predictor: CharacterPredictor;

beforeAll(async () => {
  predictor = await CharacterPredictor.load({ model: 'mlp' });
});

afterAll(() => predictor.close());

/** What came of an input: a text, or the code of the error that was thrown on purpose. */
async function outcome(input: unknown): Promise<string> {
  try {
    const { text, confidence } = await predictor.predict(input as Uint8Array);
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThanOrEqual(1);
    return `text ${text}`;
  } catch (error) {
    if (error instanceof TextRecognizerError && error.message.length > 20) return error.code;
    throw error;
  }
}

test(`${count} mutated images give a text or an error that was meant, in bounded memory`, async () => {
  const inputOf = await mutatedInputs();
  const codes = new Map<string, number>();
  let settled = 0;
  for (let i = 0; i < count; i++) {
    const result = await outcome(inputOf(i)).catch((cause: unknown) => {
      throw new Error(`Input ${i} of seed ${mutationSeed} gave an error of no known code.`, { cause });
    });
    const key = result.startsWith('text') ? 'text' : result;
    codes.set(key, (codes.get(key) ?? 0) + 1);
    if (i === Math.floor(count / 3)) settled = process.memoryUsage.rss();
  }
  const grownBy = Math.round((process.memoryUsage.rss() - settled) / mebibyte);
  if (count > 1000) console.log(Object.fromEntries(codes), `memory grew by ${grownBy} MiB in the last two thirds`);
  expect(grownBy).toBeLessThan(256);
  // Both happen often, or the mutations are too weak or too strong to tell anything.
  expect(codes.get('text')).toBeGreaterThan(count / 20);
  expect(codes.get('INVALID_IMAGE')).toBeGreaterThan(count / 20);
});

test.each([
  ['no bytes', new Uint8Array(), 'INVALID_IMAGE'],
  ['30,000 × 30,000 pixels', pngClaiming30000Square(), 'IMAGE_TOO_LARGE'],
  ['a text', Buffer.from('I am a letter.'), 'UNSUPPORTED_IMAGE'],
  ['a program', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'UNSUPPORTED_IMAGE'],
  ['a number', 7, 'INVALID_ARGUMENT'],
  ['nothing', undefined, 'INVALID_ARGUMENT'],
  ['null', null, 'INVALID_ARGUMENT'],
  ['an address', new URL('https://example.com/a.png'), 'INVALID_ARGUMENT'],
  ['a folder', fileURLToPath(new URL('.', import.meta.url)), 'INVALID_IMAGE'],
  ['a file that is not there', 'nowhere.png', 'FILE_NOT_FOUND'],
  ['pixels of another size', { data: new Uint8Array(5), width: 2, height: 3, channels: 1 }, 'INVALID_IMAGE'],
  ['pixels of no width', { data: new Uint8Array(), width: 0, height: 0, channels: 1 }, 'INVALID_IMAGE'],
])('%s: %s', async (_, input, code) => {
  expect(await outcome(input)).toBe(code);
});

test.each(Object.keys(ENCODED) as (keyof typeof ENCODED)[])('%s is read', async (name) => {
  expect(await outcome(encoded(name))).toMatch(/^text .$/);
});

test.each([
  ['one pixel', 1, 1],
  ['a line of 1 × 4000 pixels', 1, 4000],
  ['a line of 4000 × 1 pixels', 4000, 1],
])('%s is read', async (_, width, height) => {
  const blank = { create: { width, height, channels: 3, background: 'white' } } as const;
  expect(await outcome(await sharp(blank).png().toBuffer())).toMatch(/^text .$/);
});
