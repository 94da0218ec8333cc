import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { GroupEvent, GroupSummary } from '../../src/experiments/scheduler/group-run.ts';
import { hashFile } from '../../src/files/hash-file.ts';
import { startCli } from './run-cli.ts';

/** What may be killed while a group runs. */
export interface Disturbance {
  /** Processes of runs that go on, by the runs' names. */
  readonly workers: ReadonlyMap<string, number>;
  killScheduler(): void;
  /** Ctrl-C. */
  interrupt(): void;
}

export interface GroupEnding {
  /** Undefined where the scheduler was killed. */
  readonly summary: GroupSummary | undefined;
  readonly code: number | null;
  readonly stderr: string;
}

/** `experiments run FILE --json` with a temporary folder of its own for the locks of devices; `onEvent` may disturb it. */
export async function runGroupCli(
  args: readonly string[],
  temporary: string,
  onEvent: (event: GroupEvent, disturbance: Disturbance) => void = () => undefined,
): Promise<GroupEnding> {
  const { child, ending } = startCli(['experiments', 'run', ...args, '--json'], { env: { TMPDIR: temporary } });
  const workers = new Map<string, number>();
  const disturbance = {
    workers,
    killScheduler: () => void child.kill('SIGKILL'),
    interrupt: () => void child.kill('SIGINT'),
  };
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const event = JSON.parse(line) as GroupEvent | GroupSummary;
    if (!('event' in event)) return;
    if (event.event === 'started' && event.pid !== undefined) workers.set(event.run, event.pid);
    else if (event.event !== 'epoch') workers.delete(event.run);
    onEvent(event, disturbance);
  });
  const { code, stdout, stderr } = await ending;
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { summary: code === null ? undefined : (JSON.parse(last) as GroupSummary), code, stderr };
}

/** All of a run that does not tell the time, as digests; and how often it was finished, and begun after that. */
export async function outcomeOfRun(folder: string): Promise<Record<string, unknown>> {
  const attempts = (await readFile(join(folder, 'attempts', 'attempts.jsonl'), 'utf8')).trimEnd().split('\n');
  const events = attempts.map((line) => (JSON.parse(line) as { event: string }).event);
  const files = ['result.json', 'recipe.json', 'weights.safetensors', 'best.safetensors', 'model/model.onnx'];
  const digests = files.map((file) => [file, hashFile(join(folder, file))] as const);
  const first = events.indexOf('finished');
  return { ...Object.fromEntries(digests), finishedMoreThanOnce: first >= 0 && first < events.length - 1 };
}

/** Locks that are still there, of devices and runs. */
export async function locksIn(...folders: readonly string[]): Promise<string[]> {
  const names = await Promise.all(
    folders.map((folder) => (existsSync(folder) ? readdir(folder, { recursive: true }) : Promise.resolve([]))),
  );
  return names.flat().filter((name) => name.endsWith('in-use.lock'));
}

/** `kill -9`; false where the process has just ended by itself. */
export function killProcess(pid: number): boolean {
  return sendSignal(pid, 'SIGKILL');
}

/** False where the process has just ended by itself. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
