import { readWeights } from '../src/experiments/read-weights.ts';
import { writeFileWhole } from '../src/files/write-file-whole.ts';
import { windowsFromLenet } from '../src/networks/windows-from-lenet.ts';
import { encodeSafetensors } from '../src/training/safetensors.ts';

/*
 * Writes the weights of a lenet as the beginning of a line network of 28×28 windows, for `train … --from OUT --fresh lstm --fresh logits`:
 *   node scripts/run.mjs scripts/lenet-to-windows.ts models/checkpoints/lenet.safetensors OUT.safetensors
 */
const [from, to] = process.argv.slice(2);
if (to === undefined) throw new Error('Usage: lenet-to-windows.ts LENET.safetensors OUT.safetensors');
await writeFileWhole(to, encodeSafetensors(windowsFromLenet(await readWeights(from))));
