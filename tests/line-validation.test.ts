import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import type { LineDataset } from '../src/datasets/lines/line-dataset.ts';
import { openLines } from '../src/datasets/lines/line-registry.ts';
import { drawnLines } from '../src/datasets/lines/memory-lines.ts';
import { evaluateLines } from '../src/tasks/line/evaluate-lines.ts';
import { modelCard } from '../src/models/model-card.ts';
import { LinePredictor } from '../src/reading/line-predictor.ts';
import { bundledModels, listModels, readModel } from '../src/models/model-store.ts';
import { Session } from '../src/runtime/session.ts';
import { Alphabet } from '../src/text/alphabet.ts';
import { characterErrorRate } from '../src/text/error-rates.ts';
import { modelLimits } from './support/model-limits.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Ceiling {
  /** The edition of EMNIST's lines that the model reads. */
  readonly edition: string;
  /** The most multiply-accumulates for 1,024 pixels. */
  readonly cost?: number;
  /** The most errors in the sample files with the language model; those of the course read no such lines. */
  readonly files?: number;
  /** Whose figures the card must have. */
  readonly metrics: readonly string[];
}

const real = ['copiste-test, greedy', 'hooker-test, lm'];
const ceilings: Readonly<Record<string, Ceiling>> = {
  'line-recognizer-open': { edition: 'emnist-lines-64', files: 0.08, metrics: real },
  'line-cnn-all-conv': { edition: 'emnist-lines', cost: 660e6, metrics: ['emnist-lines-2018-test, lm'] },
  'line-cnn-sliding-window': {
    edition: 'emnist-lines',
    cost: 650e6,

    metrics: ['emnist-lines-2018-test, lm'],
  },
  'line-lstm-ctc': { edition: 'emnist-lines', cost: 650e6, metrics: ['emnist-lines-2018-test, lm'] },
  'line-recognizer': { edition: 'emnist-lines-64', files: 0.08, metrics: real },
};

const lines = 40;
const samples = fileURLToPath(new URL('../data/line-sample/', import.meta.url));
const manifests = (await listModels()).filter((manifest) => manifest.kind === 'line');

async function emnistLines(edition: string): Promise<LineDataset> {
  const all = await openLines(`${edition}-test`, { root: samples, characters: 'emnist-sample-test' });
  return drawnLines({ ...all, length: lines, lines: all.lines.slice(0, lines) }, 0);
}

test('every line model that comes along has a ceiling', () => {
  expect(manifests.map(({ name }) => name)).toContain('line-recognizer-open');
  expect(Object.keys(ceilings)).toEqual(expect.arrayContaining(manifests.map(({ name }) => name)));
});

describe.each(manifests)('$name', (manifest) => {
  const { name, file, metrics, provenance, licence } = manifest;
  const folder = join(bundledModels, name);

  test('is the file that its manifest describes, with a card that says the same', async () => {
    const onnx = await readFile(join(folder, file.name));
    expect(onnx.length).toBe(file.bytes);
    expect(createHash('sha256').update(onnx).digest('hex')).toBe(file.sha256);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(modelCard(manifest));
  });

  test('names its data with their terms, which bind the weights, too', () => {
    expect(provenance.data.length).toBeGreaterThan(0);
    const licences = provenance.data.map((data) => data.licence);
    expect(licences).not.toContain('unknown');
    expect(licence === 'MIT').toBe(licences.every((terms) => !/non-commercial/i.test(terms)));
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining([...ceilings[name].metrics]));
  });

  test('is as small and as cheap as it should be', () => {
    expect(manifest.parameters).toBeLessThanOrEqual(3e6);
    expect(manifest.multiplyAccumulates).toBeLessThanOrEqual(ceilings[name].cost ?? 600e6);
  });

  test('reads lines of characters that no training has seen', async () => {
    const session = await Session.load((await readModel(name)).onnx);
    const layout = { ...manifest.stem, stride: manifest.stride };
    const alphabet = new Alphabet(manifest.alphabet);
    const emnist = await emnistLines(ceilings[name].edition);
    const { cer } = await evaluateLines({ session, alphabet, layout }, emnist).finally(() => session.close());
    expect(cer.rate).toBeLessThanOrEqual(modelLimits(manifest).mostErrors);
  });

  const { files = 1 } = ceilings[name];
  test.skipIf(files === 1)('reads the sample files with the language model', async () => {
    const texts = JSON.parse(await readFile(join(samples, 'texts.json'), 'utf8')) as Record<string, string>;
    const predictor = await LinePredictor.load({ model: name });
    const readings = [];
    for (const [png, reference] of Object.entries(texts)) {
      const { text } = await predictor.predict(join(samples, png), { decoder: 'lm' });
      readings.push({ reference, hypothesis: text });
    }
    await predictor.close();
    expect(characterErrorRate(readings).rate).toBeLessThanOrEqual(files);
  });
});
