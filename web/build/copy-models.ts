import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { ModelManifest, ReaderManifest } from '../../src/models/model-manifest.ts';

/** The model to begin with, where it is there. */
const DEFAULT_MODEL = 'character-cnn';

/**
 * Puts the models, but for steps of the course, beside the page, as `models/NAME/model.{json,onnx}` with an `index.json`, so
 * that reading on the device needs no server but one of files.
 */
export function copyModels(folder: string): Plugin {
  return {
    name: 'copy-models',
    apply: 'build',
    async generateBundle() {
      const manifests = await readManifests(folder);
      for (const { name, file } of manifests) {
        for (const part of ['model.json', file.name]) {
          const source = await readFile(join(folder, name, part));
          this.emitFile({ type: 'asset', fileName: `models/${name}/${part}`, source });
        }
      }
      this.emitFile({
        type: 'asset',
        fileName: 'models/index.json',
        source: JSON.stringify(indexOf(manifests.filter(isReader))),
      });
    },
  };
}

async function readManifests(folder: string): Promise<ModelManifest[]> {
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name, 'model.json'), 'utf8').catch(() => undefined)),
  );
  const manifests = texts.filter((text) => text !== undefined).map((text) => JSON.parse(text) as ModelManifest);
  return manifests.filter(({ course }) => !course);
}

/** The page network finds lines for the readers, and is not to be chosen. */
function isReader(manifest: ModelManifest): manifest is ReaderManifest {
  return manifest.kind !== 'page';
}

function indexOf(manifests: readonly ReaderManifest[]) {
  const models = manifests.map((manifest) => {
    const { name, kind, description, licence } = manifest;
    const classes = manifest.kind === 'character' ? manifest.classes : [...manifest.alphabet];
    return { name, kind, description, classes, licence };
  });
  return { default: (models.find(({ name }) => name === DEFAULT_MODEL) ?? models[0])?.name, models };
}
