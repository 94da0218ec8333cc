import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveUntrainedLineModel } from '../../src/tasks/line/testing/untrained-line-model.ts';
import { lineAlphabet } from '../../src/text/line-alphabet.ts';

/** The name of the model and of its folder. */
export const LINE_TEST_MODEL = 'line-test';

/** How much likelier than by its weights the model finds a blank and a space, so that it reads words, if without sense. */
const BIAS = 0.5;

/** Saves a line model with random weights, which reads long and varied nonsense that depends on every pixel; gives its folder. */
export async function saveLineTestModel(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'line-test-')), LINE_TEST_MODEL);
  await saveUntrainedLineModel(folder, LINE_TEST_MODEL, (weights) => {
    const bias = weights.get('logits.bias')!;
    const space = lineAlphabet.encode(' ')[0];
    for (const frame of [0, lineAlphabet.size]) {
      bias[frame] += BIAS;
      bias[frame + space] += BIAS;
    }
  });
  return folder;
}
