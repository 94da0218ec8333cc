import { readWeights } from '../src/experiments/read-weights.ts';
import { writeFileWhole } from '../src/files/write-file-whole.ts';
import { encodeSafetensors } from '../src/training/safetensors.ts';

/*
 * Writes the mean of the weights of runs that began with the same weights, which reads at least as well as either where both lie in
 * one valley of the loss (Wortsman et al. 2022, "Model soups"):
 *   node scripts/run.mjs scripts/average-weights.ts A.safetensors B.safetensors … OUT.safetensors
 */
const files = process.argv.slice(2);
const out = files.pop();
if (out === undefined || files.length < 2)
  throw new Error('Usage: average-weights.ts A.safetensors B.safetensors … OUT.safetensors');
const runs = await Promise.all(files.map(readWeights));
const [first] = runs;
const mean = [...first].map(([name, values]) => {
  const all = runs.map((run) => run.get(name));
  if (all.some((other) => other?.length !== values.length)) throw new Error(`The runs differ in the weight '${name}'.`);
  return [name, values.map((_, i) => all.reduce((sum, other) => sum + other![i], 0) / all.length)] as const;
});
await writeFileWhole(out, encodeSafetensors(new Map(mean)));
