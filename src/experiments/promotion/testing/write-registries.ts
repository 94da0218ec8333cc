import { join } from 'node:path';
import { bundledModels, readModel } from '../../../models/model-store.ts';
import { writeModelFiles } from '../../../tasks/write-model.ts';
import { installModel, readFiles } from '../model-registry.ts';

/** Two registries below `folder`, `first` and `second`, with different models of the name mlp, and the models' digests. */
export async function writeRegistries(folder: string): Promise<{ registries: string[]; digests: string[] }> {
  const { manifest, onnx } = await readModel(join(bundledModels, 'mlp'));
  const [registries, digests]: [string[], string[]] = [[], []];
  for (const description of ['first', 'second']) {
    const source = join(folder, `source-${description}`);
    const written = await writeModelFiles(source, onnx, { ...manifest, description });
    const registry = join(folder, description);
    await installModel(registry, written, await readFiles(source), { checks: [] });
    registries.push(registry);
    digests.push(written.digest);
  }
  return { registries, digests };
}
