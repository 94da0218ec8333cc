import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextRecognizerError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';
import { checkManifestDigest, parseModelManifest, type ModelManifest } from './model-manifest.ts';

/** The models that come with the package. */
export const bundledModels = fileURLToPath(new URL('../../models/', import.meta.url));

/** A model folder, read and checked. */
export interface StoredModel {
  readonly manifest: ModelManifest;
  readonly onnx: Uint8Array;
}

/**
 * Reads a model by the name of a bundled one, or by its folder; throws MODEL_NOT_FOUND, MODEL_INVALID, or
 * CHECKSUM_MISMATCH when `model.json` was changed or the weights are not those that it names.
 */
export async function readModel(nameOrFolder: string): Promise<StoredModel> {
  const folder = await findModel(nameOrFolder);
  const manifest = await readManifest(folder);
  const file = join(folder, basename(manifest.file.name));
  const onnx = await readFile(file).catch((cause: unknown) => {
    throw new TextRecognizerError(
      'MODEL_NOT_FOUND',
      `Model '${manifest.name}' has no weights: ${file} is missing. Install the model again.`,
      { cause },
    );
  });
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  if (sha256 !== manifest.file.sha256) {
    throw new TextRecognizerError(
      'CHECKSUM_MISMATCH',
      `${file} has the SHA-256 ${sha256}, but model.json states ${manifest.file.sha256}; install the model again.`,
    );
  }
  return { manifest, onnx };
}

/** The manifests of all models in a folder of models, by name. */
export async function listModels(folder = bundledModels): Promise<ModelManifest[]> {
  const manifests = await Promise.all((await modelFolders(folder)).map(readManifest));
  return manifests.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The folders with a `model.json` in a folder of models, in order. */
export async function modelFolders(folder = bundledModels): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const found = await Promise.all(folders.map(async (path) => ((await isModel(path)) ? [path] : [])));
  return found.flat().toSorted();
}

/** The folder of a model that is named or is that folder; throws MODEL_NOT_FOUND. */
export async function findModel(nameOrFolder: string): Promise<string> {
  const bundled = join(bundledModels, nameOrFolder);
  const isPlainName = basename(nameOrFolder) === nameOrFolder && !nameOrFolder.startsWith('.');
  if (isPlainName && (await isModel(bundled))) return bundled;
  if (await isModel(nameOrFolder)) return nameOrFolder;
  const names = (await listModels()).map(({ name }) => name).join(', ');
  throw new TextRecognizerError(
    'MODEL_NOT_FOUND',
    `There is no model '${nameOrFolder}': give the name of a bundled one (${names}), or a folder with a model.json.`,
  );
}

async function isModel(folder: string): Promise<boolean> {
  return await stat(join(folder, 'model.json')).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function readManifest(folder: string): Promise<ModelManifest> {
  const path = join(folder, 'model.json');
  const manifest = parseModelManifest(decodeText(await readFile(path)), path);
  await checkManifestDigest(manifest, path);
  return manifest;
}
