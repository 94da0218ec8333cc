import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { wholeNumber } from '../src/cli/options.ts';
import { runProgram } from '../src/cli/run-program.ts';
import { openDataset } from '../src/datasets/registry.ts';
import { readLinePack } from '../src/datasets/sources/line-pack.ts';
import { composeScene, type SceneKind, sceneKinds } from '../src/datasets/synthesis/pages/line-scene.ts';
import { TextRecognizerError } from '../src/errors.ts';
import type { GrayImage } from '../src/images/gray-image.ts';
import { invert } from '../src/images/invert.ts';
import { resize } from '../src/images/resize.ts';
import { Random } from '../src/random/random.ts';
import type { Reading } from '../src/reading/reading.ts';
import { Recognizer } from '../src/reading/recognizer.ts';
import { editDistance } from '../src/text/edit-distance.ts';
import { characterErrorRate } from '../src/text/error-rates.ts';

/** Writing to photograph, white ink on black, 64 pixels high. */
interface Writing {
  readonly length: number;
  readonly kind: 'character' | 'line';
  readonly text: (index: number) => string;
  readonly image: (index: number) => GrayImage;
}

interface Options {
  readonly dataRoot: string;
  readonly number: number;
  readonly seed: number;
  readonly kinds?: readonly string[];
  readonly show?: boolean;
}

async function measureScenes(name: string, options: Options): Promise<void> {
  const writing = existsSync(`${name}.json.gz`) ? await openLines(name) : await openCharacters(name, options.dataRoot);
  const all = Array.from({ length: writing.length }, (_, index) => index);
  const chosen = Random.of(options.seed).shuffle(all).slice(0, options.number);
  const recognizer = await Recognizer.load();
  const measure = async (kind: string, draw: (index: number) => GrayImage) => {
    const pairs = [];
    for (const index of chosen) {
      const reference = writing.text(index);
      const reading = await recognizer.read({ ...draw(index), channels: 1 }).catch(notRead);
      const hypothesis = reading === undefined ? '' : bestOf(reading, reference);
      if (options.show && hypothesis !== reference) console.log(`  ${kind} ${index}: ${reference} | ${hypothesis}`);
      pairs.push({ reference, hypothesis });
    }
    console.log(`${kind.padEnd(12)} ${(100 * characterErrorRate(pairs).rate).toFixed(1)} %`);
  };
  if (options.kinds === undefined || options.kinds.includes('tidy'))
    await measure('tidy', (index) => invert(writing.image(index)));
  for (const [k, kind] of sceneKinds.entries()) {
    if (options.kinds !== undefined && !options.kinds.includes(kind)) continue;
    await measure(kind, (index) => sceneOf(writing, kind, index, Random.of(options.seed, k, index)));
  }
  await recognizer.close();
}

async function openLines(prefix: string): Promise<Writing> {
  const { dataset } = await readLinePack(prefix);
  const { length, lines } = dataset;
  return { kind: 'line', length, text: (index) => lines[index].text, image: (index) => dataset.image(index) };
}

async function openCharacters(name: string, root: string): Promise<Writing> {
  const dataset = await openDataset(name, { root });
  const { length, width, height } = dataset;
  const image = (index: number) => {
    const data = new Uint8Array(width * height);
    dataset.read([index], data);
    return resize({ width, height, data }, Math.round((64 * width) / height), 64, 'bicubic');
  };
  return { kind: 'character', length, text: (index) => dataset.classes[dataset.labels[index]], image };
}

function sceneOf({ kind: of, length, image }: Writing, kind: SceneKind, index: number, random: Random): GrayImage {
  const line = image(index);
  const blank = { ...line, data: new Uint8Array(line.data.length) };
  const neighbour = () => (of === 'line' ? image(random.below(length)) : blank);
  return composeScene(kind, { line, above: neighbour(), below: neighbour() }, random).image;
}

/** A picture that is refused counts as if nothing were read. */
function notRead(error: unknown): undefined {
  if (error instanceof TextRecognizerError) return undefined;
  throw error;
}

/** Of the whole and of each line, the text that is nearest: what else is in the picture was not asked for. */
function bestOf({ text, lines }: Reading, reference: string): string {
  const distance = (candidate: string) => editDistance(reference, candidate);
  return lines.map((line) => line.text).reduce((best, line) => (distance(line) < distance(best) ? line : best), text);
}

await runProgram(
  new Command('measure-scenes')
    .description(
      'reads lines or characters amid desk, shadow, frames and the like; prints the error rate of characters',
    )
    .argument('<name>', 'a line pack, without .bin.gz, or a data set of characters')
    .option('--data-root <folder>', 'where data sets are', 'data')
    .option('--number <number>', 'how many lines or characters', wholeNumber(1), 40)
    .option('--seed <number>', 'chooses them, and their surroundings', wholeNumber(0), 1)
    .option('--kinds <kinds...>', 'only these kinds of surroundings, or tidy')
    .option('--show', 'print what is misread')
    .action(measureScenes),
);
