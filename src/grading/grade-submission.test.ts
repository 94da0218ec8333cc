import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundledModels } from '../models/model-store.ts';
import { gradeSubmission } from './grade-submission.ts';
import { gradescopeResults } from './gradescope-results.ts';
import { readLab, type Lab } from './lab.ts';

const options = { dataRoot: 'data', threads: 1 };
const root = fileURLToPath(new URL('../../', import.meta.url));

function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'grade-'));
}

async function resultsOf(folder: string, lab: Lab) {
  return gradescopeResults(await gradeSubmission(folder, lab, options));
}

test(
  'lab 1: the bundled perceptron reads the pictures, and its accuracy is what evaluate says',
  { timeout: 60_000 },
  async () => {
    const lab = await readLab('1');
    // Times depend on the machine.
    const checks = lab.checks.filter((check) => check.kind !== 'figure' || check.figure === 'accuracy');
    const { tests, leaderboard, score, visibility } = await resultsOf(join(bundledModels, 'mlp'), { ...lab, checks });
    expect(tests.map(({ number, score, max_score, status }) => ({ number, score, max_score, status }))).toEqual([
      { number: '1.1', score: 2, max_score: 2, status: 'passed' },
      { number: '1.2', score: 3, max_score: 3, status: 'passed' },
      { number: '1.3', score: 4, max_score: 4, status: 'passed' },
    ]);
    expect(leaderboard).toMatchObject([{ name: 'Accuracy', order: 'desc' }]);
    expect(leaderboard[0].value).toBeGreaterThan(0.65);
    expect({ score, visibility }).toEqual({ score: 9, visibility: 'visible' });
  },
);

test(
  'points between none and all are in proportion, whichever is greater; costs need no data',
  { timeout: 60_000 },
  async () => {
    const check = { kind: 'figure', name: 'Size', points: 8, visibility: 'hidden', figure: 'bytes' } as const;
    const { onnx } = { onnx: readFileSync(join(bundledModels, 'mlp', 'model.onnx')).length };
    const lab: Lab = {
      lab: 'own',
      title: 'Sizes',
      checks: [
        { ...check, none: onnx + 100, all: onnx - 300, leaderboard: 'Bytes' },
        { ...check, none: 0, all: 4 * onnx },
        { ...check, none: 2 * onnx, all: 3 * onnx },
      ],
    };
    const { tests, leaderboard } = await resultsOf(join(bundledModels, 'mlp'), lab);
    expect(tests.map(({ score, status, visibility }) => [score, status, visibility])).toEqual([
      [2, 'failed', 'hidden'],
      [2, 'failed', 'hidden'],
      [0, 'failed', 'hidden'],
    ]);
    expect(leaderboard).toEqual([{ name: 'Bytes', value: onnx, order: 'asc' }]);
  },
);

test('what is wrong with a submission costs points, and says why', async () => {
  const { checks, ...lab } = await readLab('1');
  const modelOnly: Lab = { ...lab, checks: checks.slice(0, 1) };
  const outputOf = async (folder: string) => (await resultsOf(folder, modelOnly)).tests[0];

  expect(await outputOf(emptyFolder())).toMatchObject({
    score: 0,
    output: expect.stringContaining('There is no model'),
  });

  const two = emptyFolder();
  for (const name of ['mlp', 'lenet'])
    cpSync(join(bundledModels, name), join(two, 'models', name), { recursive: true });
  expect(await outputOf(two)).toMatchObject({ score: 0, output: expect.stringContaining('There are 2 models') });

  const tampered = emptyFolder();
  cpSync(join(bundledModels, 'mlp'), join(tampered, 'model'), { recursive: true });
  writeFileSync(join(tampered, 'model', 'model.onnx'), 'something else');
  expect(await outputOf(tampered)).toMatchObject({ score: 0, output: expect.stringContaining('SHA-256') });

  const lines = await outputOf(join(bundledModels, 'line-lstm-ctc'));
  expect(lines).toMatchObject({ score: 0, output: expect.stringContaining('reads lines with line-lstm-ctc') });
  await expect(gradeSubmission(join(tmpdir(), 'nowhere'), modelOnly, options)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
});

test('lab 4: a group counts by its runs, and its faults are told', async () => {
  const { checks, ...lab } = await readLab('4');
  const groupOnly: Lab = { ...lab, checks: checks.slice(0, 1) };
  const folder = emptyFolder();
  cpSync(join(root, 'experiments/samples/mlp-grid.json'), join(folder, 'group.json'));
  expect((await resultsOf(folder, groupOnly)).tests).toMatchObject([
    { score: 4, output: expect.stringContaining('24 runs') },
  ]);
  writeFileSync(join(folder, 'group.json'), '{ "name": 7 }');
  expect((await resultsOf(folder, groupOnly)).tests).toMatchObject([
    { score: 0, output: expect.stringContaining('group.json') },
  ]);
  const none = await resultsOf(emptyFolder(), groupOnly);
  expect(none.tests).toMatchObject([{ score: 0, status: 'failed' }]);
});

test.each(['1', '2', '3', '4', '5'])('lab %s can be read', async (number) => {
  expect((await readLab(number)).lab).toBe(number);
});

test('a lab of one’s own is checked', async () => {
  const folder = emptyFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lab.json');
  writeFileSync(file, JSON.stringify({ lab: 'x', title: 'X', checks: [{ kind: 'guess', name: 'n', points: 1 }] }));
  await expect(readLab(file)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('kind'),
  });
  writeFileSync(file, '{');
  await expect(readLab(file)).rejects.toMatchObject({ message: expect.stringContaining('is not JSON') });
  await expect(readLab('6')).rejects.toMatchObject({ message: expect.stringContaining('Lab 6 is not graded') });
});
