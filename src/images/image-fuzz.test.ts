import { expect, test } from 'vitest';
import { TextRecognizerError } from '../errors.ts';
import { Random } from '../random/random.ts';
import { characterStem } from './character-stem.ts';
import { decodeImage } from './decode-image.ts';
import { mutate, seedImages } from './testing/mutate-image.ts';

const COUNT = Number(process.env.TEXT_RECOGNIZER_FUZZ ?? 150);
const CODES = new Set(['INVALID_IMAGE', 'UNSUPPORTED_IMAGE', 'IMAGE_TOO_LARGE']);
const MAX_GROWTH = 300e6;

/** `read` for a result, otherwise the code of the error; anything but a typed error is thrown on. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const { width, height, data } = characterStem(await decodeImage(bytes));
    expect([width, height, data.length]).toEqual([28, 28, 784]);
    return 'read';
  } catch (error) {
    if (error instanceof TextRecognizerError && CODES.has(error.code) && error.message.length < 400) return error.code;
    throw error;
  }
}

test(
  `${COUNT} mutated images give a result or a typed error each, in bounded memory`,
  { timeout: 1800e3 },
  async () => {
    const seeds = await seedImages();
    const outcomes: Record<string, number> = {};
    const before = process.memoryUsage().rss;
    let peak = before;
    for (let i = 0; i < COUNT; i++) {
      const random = Random.of(2017, i);
      const result = await outcome(mutate(seeds[random.below(seeds.length)], random));
      outcomes[result] = (outcomes[result] ?? 0) + 1;
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    console.log(
      `${COUNT} mutated images: ${JSON.stringify(outcomes)}, memory +${Math.round((peak - before) / 1e6)} MB`,
    );
    expect(Object.keys(outcomes).sort()).toEqual(['IMAGE_TOO_LARGE', 'INVALID_IMAGE', 'UNSUPPORTED_IMAGE', 'read']);
    expect(peak - before).toBeLessThan(MAX_GROWTH);
  },
);
