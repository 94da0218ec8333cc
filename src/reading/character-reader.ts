import { CHARACTER_SIZE, locateCharacter } from '../images/character-stem.ts';
import { cornersOf } from '../images/crop.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { InkedLine } from '../images/measure-line.ts';
import type { CharacterModelManifest } from '../models/model-manifest.ts';
import type { GraphRunner } from '../runtime/tensor.ts';
import type { Alternative } from '../text/alternative.ts';
import { hasRules, type TextRules } from '../text/constraints/text-rules.ts';
import type { Reader, ReaderInput } from './reader.ts';
import type { LineReading, Polygon } from './reading.ts';
import { RecentRules } from './recent-rules.ts';

/** A character that is ready for the network, and where it is in its picture. */
export interface PreparedCharacter {
  /** `[28 · 28]`, white ink (255) on black. */
  readonly data: Uint8Array;
  readonly polygon: Polygon;
}

/** Reads one character in each picture: a line of one word of one character. */
export function characterReader(manifest: CharacterModelManifest, session: GraphRunner): Reader<PreparedCharacter> {
  const allowed = new RecentRules((rules) => allowedClasses(rules, manifest.classes));
  return {
    manifest,
    decoders: ['greedy'],
    maxBatch: 256,
    check: async (options) => void (await allowed.of(options)),
    prepare: prepareCharacter,
    async read(inputs) {
      const data = new Uint8Array(inputs.length * CHARACTER_SIZE ** 2);
      inputs.forEach(({ prepared }, i) => data.set(prepared.data, i * CHARACTER_SIZE ** 2));
      const shape = [inputs.length, CHARACTER_SIZE, CHARACTER_SIZE];
      const { probabilities } = await session.run({ images: { data, shape } });
      const count = manifest.classes.length;
      const kept = await Promise.all(inputs.map((input) => allowed.of(input)));
      return inputs.map((input, i) => {
        const row = (probabilities.data as Float32Array).subarray(i * count, (i + 1) * count);
        const ranked = rank(manifest.classes, row).filter(({ text }) => kept[i].has(text));
        const reading = lineOf(ranked, input);
        input.observeLine?.({ manifest, decoder: 'greedy', line: seen(input.prepared), scores: row, reading });
        return reading;
      });
    },
  };
}

function seen({ data }: PreparedCharacter): InkedLine {
  return { data, width: CHARACTER_SIZE, height: CHARACTER_SIZE, stride: CHARACTER_SIZE };
}

/** The classes that keep to the rules; likely words say nothing of a character. */
async function allowedClasses(rules: TextRules, classes: readonly string[]): Promise<ReadonlySet<string>> {
  if (!hasRules({ ...rules, likelyWords: undefined })) return new Set(classes);
  const { allowedCharacters } = await import('../text/constraints/allowed-characters.ts');
  return allowedCharacters(rules, classes);
}

function prepareCharacter(image: GrayImage): PreparedCharacter {
  const { character, box } = locateCharacter(image);
  const polygon = cornersOf(box ?? { left: 0, top: 0, right: image.width, bottom: image.height });
  return { data: character.data, polygon };
}

function rank(classes: readonly string[], probabilities: Float32Array): Alternative[] {
  const all = classes.map((text, i) => ({ text, confidence: probabilities[i] }));
  return all.sort((a, b) => b.confidence - a.confidence);
}

function lineOf(
  [best, ...others]: readonly Alternative[],
  { prepared: { polygon }, alternatives = 4 }: ReaderInput<PreparedCharacter>,
): LineReading {
  const baseline = [polygon[3], polygon[2]];
  // No single character keeps to the rules.
  if (best === undefined) {
    return { text: '', confidence: 0, alternatives: [], polygon, baseline, words: [], characters: [] };
  }
  const character = { ...best, alternatives: others.slice(0, alternatives), polygon };
  const characters = [character];
  return { ...character, characters, words: [{ ...character, characters }], baseline };
}
