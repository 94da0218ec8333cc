// Removes from a node_modules folder what never runs on this platform: onnxruntime-node brings the libraries of all, 250 MB.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Prunes the packages in the folder `modules`. */
export function prunePackages(modules) {
  const binaries = join(modules, 'onnxruntime-node/bin/napi-v6');
  const own = join(binaries, process.platform);
  // Where there is nothing for this platform, leave the package as it is: its own error says so.
  if (!existsSync(join(own, process.arch))) return;
  removeAllBut(process.platform, binaries);
  removeAllBut(process.arch, own);
}

function removeAllBut(kept, folder) {
  for (const name of readdirSync(folder)) if (name !== kept) rmSync(join(folder, name), { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) prunePackages(process.argv[2]);
