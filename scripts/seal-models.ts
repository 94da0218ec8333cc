import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeModelFiles } from '../src/tasks/write-model.ts';

/*
 * Writes the digest into each model.json, and its card, after an intended change; the weights stay as they are.
 *   node scripts/run.mjs scripts/seal-models.ts MODEL-FOLDER …
 */
const folders = process.argv.slice(2);
if (folders.length === 0) throw new Error('Usage: seal-models.ts MODEL-FOLDER …');
for (const folder of folders) {
  const description = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as { file: { name: string } };
  const { digest } = await writeModelFiles(folder, await readFile(join(folder, description.file.name)), description);
  console.log(`${folder}: ${digest}`);
}
