import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** A folder with one of these holds a run. */
const runFiles = new Set(['run.json', 'metrics.jsonl', 'experiment.json']);

/**
 * The folders of runs below a root, with slashes and without the root, in alphabetical order within each folder. What is inside a run is
 * its own; hidden folders are skipped. A root that is missing has none.
 */
export function* findRunFolders(root: string, below = ''): Generator<string> {
  const entries = readFolder(join(root, below));
  if (below !== '' && entries.some((entry) => entry.isFile() && runFiles.has(entry.name))) {
    yield below;
    return;
  }
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    yield* findRunFolders(root, below === '' ? entry.name : `${below}/${entry.name}`);
  }
}

/** Empty for a folder that is gone or that may not be read. */
function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
