import { expect, test } from 'vitest';
import { modelsToServe } from './models-to-serve.ts';

test('the models that are served come with the best for characters first, and without those of the course', async () => {
  expect(await modelsToServe()).toEqual(
    expect.arrayContaining(['character-cnn', 'line-recognizer', 'line-recognizer-open']),
  );
  expect((await modelsToServe())[0]).toBe('character-cnn');
  expect(await modelsToServe()).not.toContain('lenet');
  expect(await modelsToServe()).not.toContain('page');
});

test('free models leave out what was trained on data for research only', async () => {
  const free = await modelsToServe('free');
  expect(free).toEqual(expect.arrayContaining(['character-cnn', 'line-recognizer-open']));
  expect(free).not.toContain('line-recognizer');
});
