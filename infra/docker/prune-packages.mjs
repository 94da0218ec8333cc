// Removes from a node_modules folder what never runs on this platform: onnxruntime-node brings the libraries of all.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const modules = process.argv[2];
const binaries = join(modules, 'onnxruntime-node/bin/napi-v6');
for (const platform of readdirSync(binaries)) {
  if (platform !== process.platform) rmSync(join(binaries, platform), { recursive: true });
}
for (const arch of readdirSync(join(binaries, process.platform))) {
  if (arch !== process.arch) rmSync(join(binaries, process.platform, arch), { recursive: true });
}
