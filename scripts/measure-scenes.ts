import { Command } from 'commander';
import { wholeNumber } from '../src/cli/options.ts';
import { runProgram } from '../src/cli/run-program.ts';
import { readLinePack } from '../src/datasets/sources/line-pack.ts';
import { composeScene, type SceneKind, sceneKinds } from '../src/datasets/synthesis/pages/line-scene.ts';
import { invert } from '../src/images/invert.ts';
import type { GrayImage } from '../src/images/gray-image.ts';
import { Random } from '../src/random/random.ts';
import { Recognizer } from '../src/reading/recognizer.ts';
import { editDistance } from '../src/text/edit-distance.ts';
import { characterErrorRate, type LineReading } from '../src/text/error-rates.ts';

/** How well lines are read amid what may surround them, each kind of surroundings by itself, beside the tidy lines. */
async function measureScenes(
  prefix: string,
  { lines, seed, show }: { lines: number; seed: number; show?: boolean },
): Promise<void> {
  const { dataset } = await readLinePack(prefix);
  const recognizer = await Recognizer.load();
  const random = Random.of(seed);
  const chosen = random.shuffle(Array.from({ length: dataset.length }, (_, index) => index)).slice(0, lines);
  const rate = async (name: string, picture: (index: number) => GrayImage) => {
    const readings: LineReading[] = [];
    for (const index of chosen) {
      const { text } = dataset.lines[index];
      const read = await recognizer.read({ ...picture(index), channels: 1 }).catch(() => undefined);
      const texts = [read?.text ?? '', ...(read?.lines ?? []).map((line) => line.text)];
      const best = texts.reduce((best, other) => (editDistance(text, other) < editDistance(text, best) ? other : best));
      if (show && editDistance(text, best) > 0.1 * text.length) console.log(`  ${name} ${index}: ${text} | ${best}`);
      readings.push({ reference: text, hypothesis: best });
    }
    console.log(`${name.padEnd(12)} ${(100 * characterErrorRate(readings).rate).toFixed(1)} %`);
  };
  await rate('tidy', (index) => invert(dataset.image(index)));
  for (const [k, kind] of sceneKinds.entries())
    await rate(kind, (index) => sceneOf(kind, index, Random.of(seed, k, index)));
  await recognizer.close();

  function sceneOf(kind: SceneKind, index: number, random: Random): GrayImage {
    const [above, below] = [random.below(dataset.length), random.below(dataset.length)].map((other) =>
      dataset.image(other),
    );
    return composeScene(kind, { line: dataset.image(index), above, below }, random).image;
  }
}

await runProgram(
  new Command('measure-scenes')
    .description(
      'reads lines amid desk, shadow, frames, squared paper and the like, and prints the error rate of characters',
    )
    .argument('<prefix>', 'a line pack, without .bin.gz')
    .option('--lines <number>', 'how many of its lines', wholeNumber(1), 40)
    .option('--seed <number>', 'chooses lines and surroundings', wholeNumber(0), 1)
    .option('--show', 'print the lines that are misread')
    .action(measureScenes),
);
