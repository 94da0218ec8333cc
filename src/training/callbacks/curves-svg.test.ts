import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderedSvg } from '../../report/testing/rendered-svg.ts';
import { epochReport, TrainingRun } from '../testing/training-run.ts';
import { CurvesSvg } from './curves-svg.ts';

function curvesOf(run: TrainingRun): string {
  return readFileSync(join(run.folder, 'curves.svg'), 'utf8');
}

test('draws training and validation of a metric in one chart, after every epoch', async () => {
  const run = new TrainingRun();
  const callback = new CurvesSvg();
  await callback.onEpochEnd(epochReport(1, { loss: 0, valLoss: 1, valCer: 0.5, learningRate: 0.001 }), run);
  await callback.onEpochEnd(epochReport(2, { loss: 1, valLoss: NaN, valCer: 0.25, learningRate: 0.0005 }), run);
  await callback.onEpochEnd(epochReport(3, { loss: 0, valLoss: 1, valCer: 0.125, learningRate: 0 }), run);
  const svg = curvesOf(run);
  expect(svg.match(/class="title"[^>]*>[^<]*/g)?.map((title) => title.replace(/.*>/, ''))).toEqual([
    'Loss',
    'CER',
    'Learning rate',
  ]);
  const image = await renderedSvg(svg);
  expect([image.width, image.height]).toEqual([960, 600]);
  // The plot of a chart is 66 to 462 across and 252 to 58 up; the loss goes 0, 1, 0 in blue and its validation 1, NaN, 1 in orange.
  expect(image.at(264, 58)).toEqual([0x00, 0x72, 0xb2]);
  expect(image.at(67, 58)).toEqual([0xd5, 0x5e, 0x00]);
  expect(image.at(110, 58)).not.toEqual([0xd5, 0x5e, 0x00]);
});

test('a resumed run draws what one that was not interrupted draws', async () => {
  const metrics = [
    { loss: 2, valLoss: 2 },
    { loss: NaN, valLoss: 1.5 },
    { loss: 1, valLoss: 1.25 },
  ];
  const whole = new TrainingRun();
  const callback = new CurvesSvg();
  for (const [i, figures] of metrics.entries()) await callback.onEpochEnd(epochReport(i + 1, figures), whole);

  const interrupted = new TrainingRun();
  const before = new CurvesSvg();
  await before.onEpochEnd(epochReport(1, metrics[0]), interrupted);
  await before.onEpochEnd(epochReport(2, metrics[1]), interrupted);
  const checkpoint = JSON.parse(JSON.stringify(before.state()));
  await before.onEpochEnd(epochReport(3, { loss: 99, valLoss: 99 }), interrupted);
  const after = new CurvesSvg();
  after.restore(checkpoint);
  await after.onEpochEnd(epochReport(3, metrics[2]), interrupted);
  expect(curvesOf(interrupted)).toBe(curvesOf(whole));
});
