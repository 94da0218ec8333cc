import { appendFileSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { digestLog, emptyDigest } from './digest-log.ts';
import { epochLines } from './testing/write-run.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'digest-log-')), 'metrics.jsonl');
});

const valLosses = [0.9, 0.4, 0.6];
const lines = valLosses.map((valLoss, i) => epochLines({ valLoss, valAccuracy: 1 - valLoss }, i));

test('finds the least and greatest of each metric with its epoch, the last value, steps and times', () => {
  writeFileSync(file, lines.join(''));
  expect(digestLog(file)).toMatchObject({
    firstTime: '2026-11-28T10:01:00.000Z',
    lastTime: '2026-11-28T10:03:01.000Z',
    step: 30,
    totalSteps: 30,
    epoch: 3,
    epochs: 3,
    metrics: {
      valLoss: { last: 0.6, min: 0.4, minEpoch: 2, max: 0.9, maxEpoch: 1 },
      valAccuracy: { last: 0.4, min: 1 - 0.9, minEpoch: 1, max: 0.6, maxEpoch: 2 },
    },
  });
});

test('numbers that JSON does not have are neither least nor greatest', () => {
  const epoch =
    '{"event":"epoch","time":"2026-11-28T10:00:00.000Z","epoch":1,"metrics":{"loss":"NaN","valLoss":"Infinity"}}\n';
  writeFileSync(file, epoch);
  expect(digestLog(file).metrics.loss).toEqual({ last: null, min: null, minEpoch: 0, max: null, maxEpoch: 0 });
});

test('reading a log as it grows, cut anywhere, gives what reading it at once gives', () => {
  const whole = Buffer.from(
    `${lines.join('')}{"event":"note","time":"2026-11-28T10:04:00.000Z","text":"é😀"}\nno JSON\n`,
  );
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
      writeFileSync(file, '');
      let digest = emptyDigest();
      let written = 0;
      for (const cut of [...cuts.sort((a, b) => a - b), whole.length]) {
        appendFileSync(file, whole.subarray(written, cut));
        written = cut;
        digest = digestLog(file, digest);
      }
      // How much of the end is kept depends on how it was read.
      expect({ ...digest, tail: '' }).toEqual({ ...digestLog(file), tail: '' });
    }),
  );
});

test('a log that was cut back by a resumed run, and has grown again, is read again', () => {
  writeFileSync(file, lines.join(''));
  const before = digestLog(file);
  truncateSync(file, lines[0].length);
  appendFileSync(
    file,
    epochLines({ valLoss: 0.7, valAccuracy: 0.3 }, 1) + epochLines({ valLoss: 0.8, valAccuracy: 0.2 }, 2),
  );
  expect(digestLog(file, before).metrics.valLoss).toEqual({ last: 0.8, min: 0.7, minEpoch: 2, max: 0.9, maxEpoch: 1 });
});

test('a line longer than what is read at a time', () => {
  const metrics = { valLoss: 0.25 };
  writeFileSync(file, `{"event":"note","text":"${'x'.repeat(3_000_000)}"}\n${epochLines(metrics, 0)}`);
  expect(digestLog(file).metrics.valLoss.min).toBe(0.25);
});
