import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emnistLines } from '../../datasets/synthesis/emnist-lines.ts';
import { drawnLines } from '../../datasets/lines/memory-lines.ts';
import { openDataset } from '../../datasets/registry.ts';
import { lineRecognizer } from '../../networks/line-recognizer.ts';
import { Alphabet } from '../../text/alphabet.ts';
import type { DecodeOptions } from '../../text/decode-line.ts';
import { evaluateDecodings, evaluateLines, type LineEvaluation } from './evaluate-lines.ts';
import { fit, withServingSession } from '../../training/fit.ts';
import { lineLearner } from './line-learner.ts';

const alphabet = new Alphabet(' aehinorstT');
const texts = ['the ash', 'a stone', 'That is', 'no rain'];

/** Lines of real glyphs, drawn once. */
async function fewLines() {
  const characters = await openDataset('emnist-sample-train', { root: 'data' });
  const options = { maxLength: 20, height: 64, overlap: [0.05, 0.15], tilt: tilted } as const;
  return drawnLines(emnistLines({ name: 'few', characters, texts, options }), 1);
}

const tilted = { brightness: [1, 1], scale: [1.4, 1.6], rotation: [0, 0], shear: [0, 0] } as const;

const tinyNetwork = () =>
  lineRecognizer({ classes: alphabet.size, channels: [16, 16, 32], sequence: 48, dilations: [1], dropout: 0 });

test('memorizes a handful of lines, and reads them when it is served', async () => {
  const dataset = await fewLines();
  const learner = lineLearner(tinyNetwork(), alphabet, {
    train: [{ dataset, weight: 1 }],
    validation: [dataset],
    stepsPerEpoch: 50,
    batch: { maxLines: 4, maxColumns: 1280, widthStep: 320, maxWidth: 320 },
    chunkLines: 4,
    seed: 1,
  });
  const { step, weights } = await fit(learner, {
    folder: mkdtempSync(join(tmpdir(), 'line-learner-')),
    epochs: 2,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'one-cycle', learningRate: 0.006, riseShare: 0.2 },
    seed: 1,
    threads: 2,
    loaderThreads: 1,
  });
  expect(step).toBe(100);
  await withServingSession(learner, weights, {}, async (session) => {
    const reader = learner.reader(session);
    const { cer, wer, readings, exact } = await evaluateLines(reader, dataset);
    expect(readings.map(({ hypothesis }) => hypothesis)).toEqual(texts);
    expect([cer.rate, wer.rate, exact]).toEqual([0, 0, 1]);

    // Several decodings of one run of the network say what each says of a run of its own.
    const decodings: DecodeOptions[] = [{ decoder: 'greedy' }, { decoder: 'beam' }];
    const together = await evaluateDecodings(reader, dataset, decodings);
    for (const [i, decoding] of decodings.entries()) {
      expect(withoutTimes(together[i])).toEqual(withoutTimes(await evaluateLines(reader, dataset, decoding)));
    }
    expect(together[0].decodings).not.toEqual(together[1].decodings);
    expect(together[1].millisecondsPerLine).toBe(together[0].millisecondsPerLine);
  });
}, 60_000);

function withoutTimes(evaluation: LineEvaluation) {
  return { ...evaluation, millisecondsPerLine: 0, decodingMillisecondsPerLine: 0 };
}

test('what does not fit together is refused', () => {
  const learning = { train: [], validation: [], seed: 1, stepsPerEpoch: 1 };
  const batch = { maxLines: 4, maxColumns: 1280, maxWidth: 320 };
  expect(() => lineLearner(lineRecognizer({ classes: 5 }), alphabet, { ...learning, batch })).toThrow(
    "Network 'line-recognizer' has 5 classes, the alphabet 12 with the blank",
  );
  expect(() => lineLearner(tinyNetwork(), alphabet, { ...learning, batch: { ...batch, widthStep: 9 } })).toThrow(
    "widthStep 9 must be a multiple of the 8 that network 'line-recognizer' needs",
  );
});
