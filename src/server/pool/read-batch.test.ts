import { expect, test } from 'vitest';
import { Recognizer } from '../../reading/recognizer.ts';
import { readBatch } from './read-batch.ts';
import { sampleImage } from '../testing/run-server.ts';

test('images that are given up while others are decoded are not decoded any more', async () => {
  const recognizer = await Recognizer.load({ models: ['mlp'] });
  const names = ['digit-2', 'upper-A', 'digit-7', 'digit-8', 'digit-3', 'upper-R', 'digit-2', 'upper-A', 'digit-7'];
  const images = names.map((name) => ({
    image: new Uint8Array(sampleImage(name)),
    decoder: 'greedy' as const,
    givenUp: new Int32Array(new SharedArrayBuffer(4)),
  }));
  const reading = readBatch(recognizer, images);
  // The first eight are on their way.
  Atomics.store(images[8].givenUp, 0, 1);
  const { items } = await reading;
  const texts = items.map((item) => ('reading' in item ? item.reading.text : item.error.message));
  expect(texts).toEqual(['2', 'A', '7', '8', '3', 'R', '2', 'A', 'Nobody waits for this image.']);
  await recognizer.close();
});
