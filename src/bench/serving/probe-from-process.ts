import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Asks for `url` every `everyMs` from a process of its own; what it gives ends that, and resolves to the milliseconds of all answers. */
export function probeFromProcess(url: string, everyMs: number): () => Promise<number[]> {
  const args = ['scripts/run.mjs', 'src/bench/serving/probe-process.ts', url, String(everyMs)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const output = text(child.stdout);
  return async () => {
    child.stdin.end();
    return JSON.parse(await output) as number[];
  };
}
