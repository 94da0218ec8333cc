import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePng } from '../../images/testing/encode-png.ts';
import { draw } from '../../images/testing/draw.ts';
import { parseModelManifest } from '../../models/model-manifest.ts';
import { fit, withServingSession } from '../../training/fit.ts';
import { writeModel } from '../write-model.ts';
import { pageTask } from './page-task.ts';

let folder: string;

/** Pages with three rows of upright strokes, 24 pixels high, from x = 30 to 270. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-task-'));
  const bottoms = [60, 120, 180];
  const picture = draw(300, 220, (x, y) =>
    x >= 30 && x < 270 && x % 10 < 4 && bottoms.some((bottom) => y < bottom && y >= bottom - 24) ? 30 : 230,
  );
  const lines = bottoms.map((y) => ({
    text: 'iiii',
    polygon: [
      [30, y - 24],
      [270, y - 24],
      [270, y],
      [30, y],
    ],
    baseline: [
      [30, y],
      [270, y],
    ],
  }));
  for (const name of ['a-1', 'a-2', 'b-1']) {
    await writeFile(join(folder, `${name}.png`), await encodePng(picture));
    const page = { id: name, licence: 'CC-BY 4.0', width: 300, height: 220, lines };
    await writeFile(join(folder, `${name}.json`), JSON.stringify(page));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const experiment = pageTask.schema.parse({
  kind: 'page',
  name: 'small',
  network: { name: 'page-network', config: { channels: [4, 8, 8, 8, 8], merged: [8, 8, 8] } },
  data: { pages: ['.'], held: { every: 3, first: 1 } },
  training: {
    epochs: 1,
    stepsPerEpoch: 16,
    batchSize: 2,
    size: 64,
    sheets: 0.25,
    optimizer: { kind: 'muon' },
    schedule: { kind: 'constant', learningRate: 0.004 },
    seed: 5,
  },
});

test('learns pages, keeps one aside, and writes a model that says where it comes from', async () => {
  const [learner] = await pageTask.open([experiment], { dataRoot: folder });
  expect(learner.trainedOn).toEqual([
    { name: 'a', length: 1, licence: 'CC-BY 4.0' },
    { name: 'b', length: 1, licence: 'CC-BY 4.0' },
  ]);
  const losses: number[] = [];
  const watch = { name: 'watch', onStepEnd: ({ loss }: { loss: number }) => void losses.push(loss) };
  const run = join(folder, 'run');
  const { weights } = await fit(learner, { ...experiment.training, folder: run, threads: 1, callbacks: [watch] });
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(mean(losses.slice(-4))).toBeLessThan(0.7 * mean(losses.slice(0, 4)));

  const { calibration, evaluations } = await withServingSession(learner, weights, {}, async (session) => {
    const calibration = await learner.calibrate(session);
    return { calibration, evaluations: await learner.evaluate(session, calibration) };
  });
  expect(evaluations['a, kept aside']).toMatchObject({ pages: 1, lines: 3 });
  const story = { name: 'small', description: 'A small one.', recipe: {} };
  const written = await writeModel(join(folder, 'model'), { learner, weights, calibration, evaluations }, story);
  expect(written).toMatchObject({ kind: 'page', licence: 'MIT', stem: { name: 'page', step: 32, stride: 4 } });
  expect(parseModelManifest(JSON.stringify(written), 'it')).toEqual(written);
});

test('batches are a function of the seed and the step alone', async () => {
  const [learner] = await pageTask.open([experiment], { dataRoot: folder });
  const bytesOf = async (start: number) => {
    for await (const { inputs } of learner.batches({}).batches(1, start, 1)) return inputs;
    return {};
  };
  const third = await bytesOf(2);
  expect(await bytesOf(2)).toEqual(third);
  expect(await bytesOf(3)).not.toEqual(third);
});

test('a folder without pages is named', async () => {
  await expect(pageTask.open([experiment], { dataRoot: join(folder, 'none') })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
});
