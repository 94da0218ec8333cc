import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_DATA } from '../../datasets/dataset-metadata.ts';
import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { openDataset } from '../../datasets/registry.ts';
import { readSentences } from '../../datasets/sources/sentences.ts';
import { emnistLineEditions, emnistLines, emnistLineTexts } from '../../datasets/synthesis/emnist-lines.ts';
import { blankImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import { type Disturbance, disturbances } from './disturb-picture.ts';
import type { Picture } from './measure-traffic.ts';
import { photographLine } from './photograph-line.ts';

/** Kinds of traffic, each with the cause that an alarm should name. */
export const shifts = {
  inverted: 'inverted',
  blurred: 'blurred',
  rotated: 'rotated',
  'low-resolution': 'low-resolution',
  'other-script': 'other-script',
  'other-language': 'other-language',
  'other-writers': 'other-writers',
  empty: 'empty',
} as const;
export type Shift = keyof typeof shifts;

/** Lines of ordinary traffic, and of two populations that are not. */
export interface DrillLines {
  readonly ordinary: LineDataset;
  readonly otherLanguage: LineDataset;
  readonly otherWriters: LineDataset;
}

/** A hand that leans far, with narrower letters that do not touch. */
const otherHand = {
  ...emnistLineEditions['64'],
  overlap: [0, 0.05],
  tilt: { brightness: [0.7, 1], scale: [0.9, 1.1], rotation: [-1, 1], shear: [35, 50] },
} as const;

/** Lines set from the bundled samples of EMNIST, with English and French sentences: `count` of each. */
export async function composedLines(count: number, seed: number): Promise<DrillLines> {
  const root = fileURLToPath(PACKAGE_DATA);
  const characters = await openDataset('emnist-sample-test', { root });
  const options = emnistLineEditions['64'];
  const textsOf = async (language: string, textSeed: number) => {
    const sentences = await readSentences(join(root, 'sentences', `${language}-test.txt.gz`));
    return emnistLineTexts(sentences, characters, {
      count,
      minLength: 12,
      maxLength: options.maxLength,
      seed: textSeed,
    });
  };
  const [english, french] = [await textsOf('en', seed), await textsOf('fr', seed + 1)];
  return {
    ordinary: emnistLines({ name: 'ordinary', characters, texts: english, options }),
    otherLanguage: emnistLines({ name: 'other-language', characters, texts: french, options }),
    otherWriters: emnistLines({ name: 'other-writers', characters, texts: english, options: otherHand }),
  };
}

/** Photographs of some lines, in a random order. */
export function* ordinaryTraffic(lines: LineDataset, from: number, count: number, seed: number): Generator<Picture> {
  for (let i = from; i < from + count; i++) {
    const index = i % lines.length;
    yield { image: photographLine(lines.image(index), Random.of(seed, i)), text: lines.lines[index].text };
  }
}

/** Traffic of a kind that is not ordinary. */
export function* shiftedTraffic(
  shift: Shift,
  lines: DrillLines,
  from: number,
  count: number,
  seed: number,
): Generator<Picture> {
  const population = { 'other-language': lines.otherLanguage, 'other-writers': lines.otherWriters } as const;
  const source = shift in population ? population[shift as keyof typeof population] : lines.ordinary;
  for (const [i, picture] of [...ordinaryTraffic(source, from, count, seed)].entries()) {
    yield shift in population ? picture : disturb(shift, picture, Random.of(seed, i, 1));
  }
}

function disturb(shift: Shift, { image, text }: Picture, random: Random): Picture {
  if (shift === 'empty') return { image: blankImage(image.width, image.height, 230), text: '' };
  const disturbance = shift === 'other-script' ? 'mirrored' : (shift as Disturbance);
  return { image: disturbances[disturbance](image, random), text };
}
