import { expect, test } from 'vitest';
import { defaultCharacterAugmentation } from '../../images/augment-character.ts';
import { characterBatches, type CharacterBatchOptions } from './character-batches.ts';
import { bars } from './testing/bars.ts';

const options: CharacterBatchOptions = { batchSize: 8, seed: 3 };

/** The pixels and labels of all batches. */
async function read(
  overrides: object,
  [epoch, startBatch, lastEpoch]: readonly [number, number, number],
): Promise<string[]> {
  const batches: string[] = [];
  const source = characterBatches(bars(28), { ...options, ...overrides });
  for await (const { inputs, items } of source.batches(epoch, startBatch, lastEpoch)) {
    expect(items).toBe(8);
    expect([inputs.images.shape, inputs.labels.shape]).toEqual([[8, 8, 8], [8]]);
    batches.push(`${Buffer.from(inputs.images.data as Uint8Array).toString('hex')} ${[...inputs.labels.data].join()}`);
  }
  return batches;
}

test('an epoch is the whole batches, in another order each time', async () => {
  expect(characterBatches(bars(28), options).stepsPerEpoch).toBe(3);
  const batches = await read({}, [1, 0, 2]);
  expect(batches.length).toBe(6);
  expect(new Set(batches).size).toBe(6);
});

test('a run that continues anywhere gets what it would have got', async () => {
  const augment = defaultCharacterAugmentation;
  const whole = await read({ augment }, [1, 0, 3]);
  expect(await read({ augment }, [2, 1, 3])).toEqual(whole.slice(4));
  expect(await read({ augment, threads: 2 }, [1, 0, 3])).toEqual(whole);
  expect(await read({ augment, seed: 4 }, [1, 0, 3])).not.toEqual(whole);
});

test('says when there is not one whole batch', () => {
  expect(() => characterBatches(bars(6), options)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/6 images.*batches of 8/) }),
  );
});
