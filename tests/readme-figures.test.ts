import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/* The figures of models in README.md are those of their model.json. */
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

type Metrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

function metricsOf(model: string): Metrics {
  return (JSON.parse(readFileSync(join(root, 'models', model, 'model.json'), 'utf8')) as { metrics: Metrics }).metrics;
}

/** The cells of a model's row, after its name; without emphasis. */
function rowOf(model: string): string[] {
  const [, cells] = new RegExp(`^\\| \`${model}\`[^|]*\\|(.*)\\|$`, 'm').exec(readme) ?? [];
  return (cells ?? '').split('|').map((cell) => cell.replaceAll('*', '').trim());
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

test.each(['character-cnn', 'lenet', 'mlp'])('%s', (model) => {
  const figures = metricsOf(model)['emnist-byclass-test'];
  expect(rowOf(model).slice(0, 4)).toEqual([
    percent(figures.accuracy),
    percent(figures.accuracyCaseMerged),
    percent(figures.accuracyLookAlikesMerged),
    figures.calibrationError.toFixed(3),
  ]);
});

test.each(['line-recognizer', 'line-recognizer-open'])('%s', (model) => {
  const metrics = metricsOf(model);
  const expected = ['iam-test', 'copiste-test', 'hooker-test'].map(
    (set) => `${percent(metrics[`${set}, greedy`].cer)}, ${percent(metrics[`${set}, lm`].cer)}`,
  );
  expect(
    rowOf(model)
      .slice(0, 3)
      .map((cell) => cell.replace(' with the language model', '')),
  ).toEqual(expected);
});
