import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { TensorBoardEvent } from '../tensorboard/event.ts';
import { decodeEvent } from '../tensorboard/testing/decode-event.ts';
import { tfRecord } from '../tensorboard/tf-record.ts';
import { epochReport, stepReport, TrainingRun } from '../testing/training-run.ts';
import { TensorBoard } from './tensorboard.ts';

/** The events of every file of a folder, in the order in which TensorBoard reads them; checks every frame. */
function eventsIn(folder: string): TensorBoardEvent[][] {
  const names = readdirSync(folder).filter((name) => name.includes('tfevents'));
  return names.sort().map((name) => {
    const file = readFileSync(join(folder, name));
    const events: TensorBoardEvent[] = [];
    for (let at = 0; at < file.length;) {
      const length = Number(file.readBigUInt64LE(at));
      const data = file.subarray(at + 12, at + 12 + length);
      expect(tfRecord(data)).toEqual(file.subarray(at, at + 16 + length));
      events.push(decodeEvent(data));
      at += 16 + length;
    }
    return events;
  });
}

/** What TensorBoard shows of a summary: numbers by tag. */
function scalarsOf({ step, summary }: TensorBoardEvent): unknown {
  const values = summary?.value.map((value) => [value.tag, 'simpleValue' in value ? value.simpleValue : undefined]);
  return { step, ...Object.fromEntries(values ?? []) };
}

test('writes version, session start, steps and epochs, each readable at once', async () => {
  const run = new TrainingRun();
  const callback = new TensorBoard({ everySteps: 5 });
  callback.onTrainStart(run);
  for (let step = 1; step <= 12; step++) {
    callback.onStepEnd(
      stepReport(step, { loss: 0.5, learningRate: 0.25, gradientNorm: 2, seconds: 0.5, waitSeconds: 0.125 }),
    );
  }
  await callback.onEpochEnd(epochReport(1, { valAccuracy: 0.875 }));

  const [events] = eventsIn(run.folder);
  expect(events[0]).toMatchObject({ fileVersion: 'brain.Event:2' });
  expect(events[1]).toMatchObject({ step: 1, sessionLog: { status: 1 } });
  const figures = {
    'step/loss': 0.5,
    'step/learningRate': 0.25,
    'step/gradientNorm': 2,
    'step/itemsPerSecond': 128,
    'step/waitShare': 0.25,
  };
  expect(events.slice(2).map(scalarsOf)).toEqual([
    { step: 5, ...figures },
    { step: 10, ...figures },
    { step: 10, 'epoch/valAccuracy': 0.875 },
  ]);
  expect(Math.abs(Date.now() / 1000 - events[2].wallTime)).toBeLessThan(60);
  callback.onTrainEnd();
  expect(() => callback.scalars(1, {})).toThrow(/open only from the start/);
});

test('writes images with the size and channels of their PNG', async () => {
  const run = new TrainingRun();
  const png = (channels: 1 | 3 | 4) =>
    sharp({ create: { width: 30, height: 20, channels: channels === 4 ? 4 : 3, background: '#808080' } })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .png()
      .toBuffer();
  const pngs = await Promise.all(([1, 3, 4] as const).map(png));
  const callback = new TensorBoard({
    images: async ({ epoch }) => pngs.map((png, i) => ({ tag: `predicted/${epoch}-${i}`, png })),
  });
  callback.onTrainStart(run);
  await callback.onEpochEnd(epochReport(2, {}));
  callback.onTrainEnd();

  expect(eventsIn(run.folder)[0].slice(3)).toMatchObject(
    [1, 3, 4].map((colorspace, i) => ({
      step: 20,
      summary: {
        value: [{ tag: `predicted/2-${i}`, image: { width: 30, height: 20, colorspace, encodedImageString: pngs[i] } }],
      },
    })),
  );
});

test('a resumed run begins a later file, which takes back the steps after the checkpoint', () => {
  const run = new TrainingRun();
  const killed = new TensorBoard({ everySteps: 1 });
  killed.onTrainStart(run);
  killed.onStepEnd(stepReport(1));
  const checkpoint = JSON.parse(JSON.stringify(killed.state()));
  killed.onStepEnd(stepReport(2));

  const resumed = new TensorBoard({ everySteps: 1 });
  resumed.restore(checkpoint);
  resumed.onTrainStart(run);
  resumed.onStepEnd(stepReport(2));
  resumed.onTrainEnd();

  const [before, after] = eventsIn(run.folder);
  expect(before.map(({ step }) => step)).toEqual([undefined, 1, 1, 2]);
  expect(after[1]).toMatchObject({ step: 2, sessionLog: { status: 1 } });
  expect(after.map(({ step }) => step)).toEqual([undefined, 2, 2]);
});

test('names a file later than any other, even than one of a clock that ran ahead', () => {
  const run = new TrainingRun(mkdtempSync(join(tmpdir(), 'tensorboard-')));
  writeFileSync(join(run.folder, 'events.out.tfevents.9000000000.host.1'), '');
  const callback = new TensorBoard();
  callback.onTrainStart(run);
  callback.onTrainEnd();
  expect(readdirSync(run.folder).sort()[1]).toMatch(/^events\.out\.tfevents\.9000000001\./);
});

test('refuses images that are not PNG', async () => {
  const callback = new TensorBoard({ images: async () => [{ tag: 'a', png: Buffer.from('GIF89a') }] });
  callback.onTrainStart(new TrainingRun());
  await expect(callback.onEpochEnd(epochReport(1, {}))).rejects.toMatchObject({
    code: 'INVALID_IMAGE',
    message: expect.stringMatching(/these 6 bytes are none/),
  });
  callback.onTrainEnd();
});
