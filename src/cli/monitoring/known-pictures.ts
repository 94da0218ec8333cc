import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { parseLineShare } from '../../datasets/lines/line-share.ts';
import { openLines } from '../../datasets/lines/line-registry.ts';
import { splitPages } from '../../datasets/lines/split-pages.ts';
import { openDataset } from '../../datasets/registry.ts';
import type { ReaderManifest } from '../../models/model-manifest.ts';
import { Random } from '../../random/random.ts';
import { composedLines } from './drill-traffic.ts';
import type { Picture } from './measure-traffic.ts';
import { photographLine } from './photograph-line.ts';

/** Pictures of one population whose texts are known. */
export interface KnownPictures {
  readonly name: string;
  readonly unit: 'lines' | 'characters';
  readonly licence?: string | undefined;
  readonly pictures: readonly Picture[];
}

export interface KnownPicturesOptions {
  /** What the model reads. */
  readonly kind: ReaderManifest['kind'];
  readonly dataRoot: string;
  readonly seed: number;
  /** How many of each set, chosen by chance; all by default. */
  readonly most?: number;
  /** Whether a set of lines composed of bundled samples comes last. */
  readonly withComposed?: boolean;
}

/** Opens sets by their names and photographs what is in them; `SET@0.05` is what a training with this validationShare and seed keeps aside. */
export async function openKnownPictures(
  names: readonly string[],
  { kind, dataRoot, seed, most = Infinity, withComposed = false }: KnownPicturesOptions,
): Promise<KnownPictures[]> {
  if (kind === 'character') {
    return await Promise.all(names.map(async (name) => await characterPictures(name, dataRoot, { seed, most })));
  }
  const sets = await Promise.all(names.map(async (name) => await openSet(name, dataRoot, seed)));
  if (withComposed) sets.push({ ...(await composedLines(most, seed)).ordinary, name: 'composed samples' });
  return sets.map((set) => linePictures(set, { seed, most }));
}

async function openSet(name: string, root: string, seed: number): Promise<LineDataset> {
  const { lines, validationShare } = parseLineShare(name);
  const set = await openLines(lines, { root });
  return validationShare === 0 ? set : splitPages(set, validationShare, seed).aside;
}

type Choice = Required<Pick<KnownPicturesOptions, 'seed' | 'most'>>;

function linePictures(set: LineDataset, choice: Choice): KnownPictures {
  const pictures = chosen(set.length, choice).map((i) => ({
    image: photographLine(set.image(i), Random.of(choice.seed, i)),
    text: set.lines[i].text,
    population: set.name,
    kind: 'ordinary',
  }));
  return { name: set.name, unit: 'lines', licence: set.licence, pictures };
}

async function characterPictures(name: string, root: string, choice: Choice): Promise<KnownPictures> {
  const set = await openDataset(name, { root });
  const { classes, labels, width, height } = set;
  const pictures = chosen(set.length, choice).map((i): Picture => {
    const data = new Uint8Array(width * height);
    set.read([i], data);
    const image = photographLine({ width, height, data }, Random.of(choice.seed, i));
    return { image, text: classes[labels[i]], population: name, kind: 'ordinary' };
  });
  return { name, unit: 'characters', pictures };
}

function chosen(length: number, { seed, most }: Choice): readonly number[] {
  const all = Array.from({ length }, (_, i) => i);
  return most < length ? Random.of(seed, length).shuffle(all).slice(0, most) : all;
}
