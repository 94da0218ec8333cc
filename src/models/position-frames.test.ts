import { expect, test } from 'vitest';
import { runGraph } from '../graph/testing/run-graph.ts';
import { input } from '../graph/value.ts';
import { Alphabet } from '../text/alphabet.ts';
import { decodeLine } from '../text/decode-line.ts';
import { positionFrames } from './position-frames.ts';

const alphabet = new Alphabet('ab');

/** Frames of log-probabilities by position, classes blank, a, b. */
async function frames(...positions: readonly (readonly [number, number, number])[]) {
  const shape = [1, positions.length, 3];
  const data = Float32Array.from(positions.flat(), Math.log);
  const outputs = { frames: positionFrames(input('logits', 'float32', ['batch', positions.length, 3])) };
  return (await runGraph(outputs, { logits: { data, shape } })).frames;
}

test('a blank that is certain follows every position', async () => {
  const { data, shape } = await frames([0.5, 0.25, 0.25], [1, 1, 1]);
  expect(shape).toEqual([1, 4, 3]);
  expect(Array.from(data as Float32Array, (value) => Math.round(1000 * value))).toEqual([
    -693, -1386, -1386, 0, -1e7, -1e7, 0, 0, 0, 0, -1e7, -1e7,
  ]);
});

test.each(['greedy', 'beam'] as const)(
  '%s decoding keeps equal neighbours, and ends with the text',
  async (decoder) => {
    const { data } = await frames([0.02, 0.9, 0.08], [0.1, 0.8, 0.1], [0.1, 0.3, 0.6], [0.96, 0.03, 0.01]);
    const { text, characters, words } = decodeLine(data as Float32Array, alphabet, { decoder });
    expect(text).toBe('aab');
    expect(characters.map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    if (decoder === 'beam') return;
    expect(characters.map(({ confidence }) => Math.round(100 * confidence))).toEqual([90, 80, 60]);
    expect(words[0].confidence).toBeCloseTo(0.432, 5);
    expect(characters[2].alternatives[0]).toEqual({ text: 'a', confidence: expect.closeTo(0.3, 5) as number });
  },
);

test('a beam sums the positions that a text can be at', async () => {
  const { data } = await frames([0.25, 0.75, 0], [0.5, 0.5, 0]);
  const { text, confidence, alternatives } = decodeLine(data as Float32Array, alphabet, { decoder: 'beam' });
  // By hand: a once in either position, ¾ · ½ + ¼ · ½; a twice, ¾ · ½; nothing, ¼ · ½.
  expect([text, confidence]).toEqual(['a', expect.closeTo(0.5, 5)]);
  expect(alternatives).toEqual([
    { text: 'aa', confidence: expect.closeTo(0.375, 5) as number },
    { text: '', confidence: expect.closeTo(0.125, 5) as number },
  ]);
});
