import { characterStem } from '../../../src/images/character-stem.ts';
import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { GraphRunner } from '../../../src/runtime/tensor.ts';
import type { CharacterModelManifest } from '../../../src/models/model-manifest.ts';
import { findInkRegion } from '../reading/find-ink-region.ts';
import type { Alternative, Reading } from '../reading/reading.ts';
import type { DeviceModel } from './device-model.ts';

/** As many as the server gives. */
const ALTERNATIVES = 4;

/** Reads single characters: the stem and the network that the server has. */
export function characterModel(manifest: CharacterModelManifest, session: GraphRunner): DeviceModel {
  return { read: (image) => readCharacter(manifest, session, image) };
}

async function readCharacter(
  manifest: CharacterModelManifest,
  session: GraphRunner,
  image: GrayImage,
): Promise<Reading> {
  const begin = performance.now();
  const { height, width } = manifest.stem;
  const images = { data: characterStem(image).data, shape: [1, height, width] };
  const { probabilities } = await session.run({ images });
  const [best, ...others] = rank(manifest.classes, probabilities.data as Float32Array);
  const milliseconds = performance.now() - begin;
  const alternatives = others.slice(0, ALTERNATIVES);
  const region = findInkRegion(image);
  const characters = [{ ...best, alternatives, region }];
  const words = [{ ...best, region }];
  return { ...best, characters, words, alternatives, model: manifest.name, reader: 'device', milliseconds };
}

function rank(classes: readonly string[], probabilities: Float32Array): Alternative[] {
  const all = classes.map((text, i) => ({ text, confidence: probabilities[i] }));
  return all.sort((a, b) => b.confidence - a.confidence);
}
