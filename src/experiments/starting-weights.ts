import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { parseModelManifest } from '../models/model-manifest.ts';
import { windowsFromLenet } from '../networks/course/windows-from-lenet.ts';
import { readWeights } from '../training/read-weights.ts';
import type { WeightsFile } from './recipe.ts';

/** Weights of a file, by name, and which file it was. */
export interface ParentWeights {
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly file: { readonly weights: string; readonly sha256: string; readonly licence: string };
}

/** The weights of a file; throws FILE_NOT_FOUND, or FILE_CORRUPT where it is another file than the one that is meant. */
export async function readParent({ weights: path, sha256: wanted, convert }: WeightsFile): Promise<ParentWeights> {
  const weights = await readWeights(path);
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  if (wanted !== undefined && wanted !== sha256) {
    throw new TextRecognizerError(
      'FILE_CORRUPT',
      `${path} has the SHA-256 ${sha256}, but the experiment states ${wanted}: fetch that file, or change the experiment.`,
    );
  }
  return {
    weights: convert === undefined ? weights : windowsFromLenet(weights),
    file: { weights: path, sha256, licence: await licenceOf(path) },
  };
}

/** As the model of these weights says: `RUN/model` beside them, or `models/NAME` for `models/checkpoints/NAME.safetensors`. */
async function licenceOf(path: string): Promise<string> {
  const folder = dirname(path);
  const isBundled = basename(folder) === 'checkpoints';
  const model = isBundled ? join(folder, '..', basename(path, '.safetensors')) : join(folder, 'model');
  const file = join(model, 'model.json');
  return existsSync(file) ? (await parseModelManifest(await readFile(file, 'utf8'), file)).licence : 'unknown';
}

/**
 * The mean of the weights of runs that began with the same weights, which reads at least as well as either where both lie in one
 * valley of the loss (Wortsman et al. 2022, "Model soups"); throws SHAPE_MISMATCH where they are of different networks.
 */
export function meanWeights(runs: readonly ReadonlyMap<string, Float32Array>[]): ReadonlyMap<string, Float32Array> {
  const [first, ...others] = runs;
  if (others.length === 0) return first;
  const names = new Set(runs.flatMap((run) => [...run.keys()]));
  return new Map(
    [...names].map((name) => [
      name,
      meanOf(
        name,
        runs.map((run) => run.get(name)),
      ),
    ]),
  );
}

function meanOf(name: string, vectors: readonly (Float32Array | undefined)[]): Float32Array {
  const length = vectors[0]?.length;
  const known = vectors.filter((vector) => vector !== undefined && vector.length === length) as Float32Array[];
  if (known.length < vectors.length) {
    const sizes = vectors.map((vector) => vector?.length ?? 'no').join(' and ');
    throw new TextRecognizerError(
      'SHAPE_MISMATCH',
      `Weights of different networks have no mean: they have ${sizes} numbers as '${name}'.`,
    );
  }
  return known[0].map((_, i) => known.reduce((sum, vector) => sum + vector[i], 0) / known.length);
}
