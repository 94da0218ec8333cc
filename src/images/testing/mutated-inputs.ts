import { readFile, readdir } from 'node:fs/promises';
import { Random } from '../../random/random.ts';
import { mutate, seedImages } from './mutate-image.ts';

/** The seed of all mutated inputs: input `i` is the same bytes in every test that tries it. */
export const mutationSeed = 20170517;

/** Gives input `i`: an image of any format and kind of pixel, or of a character, mutated. */
export async function mutatedInputs(): Promise<(i: number) => Uint8Array> {
  const folder = new URL('../../../data/emnist-sample/images/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.png'));
  const samples = await Promise.all(files.map(async (name) => new Uint8Array(await readFile(new URL(name, folder)))));
  const sources: readonly Uint8Array[] = [...(await seedImages()), ...samples];
  return (i) => {
    const random = Random.of(mutationSeed, i);
    return mutate(sources[random.below(sources.length)], random);
  };
}
