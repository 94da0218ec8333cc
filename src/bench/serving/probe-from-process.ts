import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A process that waits to be told to ask for an address. */
export interface ProbeProcess {
  /** Has it ask; what it gives ends that, and resolves to the milliseconds of all answers. */
  start(): () => Promise<number[]>;
}

/** Starts a process that asks for `url` every `everyMs`, with the priority that this one has now. */
export function probeFromProcess(url: string, everyMs: number): ProbeProcess {
  const args = ['scripts/run.mjs', 'src/bench/serving/probe-process.ts', url, String(everyMs)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const output = text(child.stdout);
  return {
    start() {
      child.stdin.write('start');
      return async () => {
        child.stdin.end();
        return JSON.parse(await output) as number[];
      };
    },
  };
}
