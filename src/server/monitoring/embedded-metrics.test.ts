import { expect, test } from 'vitest';
import type { Reading } from '../../reading/reading.ts';
import { embeddedMetrics } from './embedded-metrics.ts';

const reading: Reading = {
  kind: 'line',
  text: 'a-secret',
  confidence: 0.9,
  alternatives: [],
  lines: [],
  model: 'line-recognizer',
  licence: 'MIT',
  width: 640,
  height: 64,
};

test('an image is a line in the embedded metric format, without its text', () => {
  const lines: string[] = [];
  const watcher = embeddedMetrics(
    (line) => lines.push(line),
    () => 1_700_000_000_000,
  );
  const measurement = {
    model: 'line-recognizer',
    kind: 'line',
    decoder: 'lm',
    values: { width: 640, confidence: 0.75 },
    characters: { a: 2 },
    wordConfidences: [0.75],
    embedding: [],
  } as const;
  const timing = { queueMs: 0, decodeMs: 4, computeMs: 20, batchSize: 1 };
  watcher.read({ reading, timing, measurement }, 'r-1');
  watcher.failed('INVALID_IMAGE');
  // Written by hand after Amazon's specification of the format.
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'TextRecognizer',
            Dimensions: [['model']],
            Metrics: [
              { Name: 'read', Unit: 'Count' },
              { Name: 'decode', Unit: 'Milliseconds' },
              { Name: 'compute', Unit: 'Milliseconds' },
              { Name: 'width', Unit: 'None' },
              { Name: 'confidence', Unit: 'None' },
            ],
          },
        ],
      },
      model: 'line-recognizer',
      kind: 'line',
      decoder: 'lm',
      requestId: 'r-1',
      read: 1,
      decode: 4,
      compute: 20,
      width: 640,
      confidence: 0.75,
    },
    {
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          { Namespace: 'TextRecognizer', Dimensions: [['code']], Metrics: [{ Name: 'failed', Unit: 'Count' }] },
        ],
      },
      code: 'INVALID_IMAGE',
      failed: 1,
    },
  ]);
  expect(lines.join('')).not.toContain('secret');
});
