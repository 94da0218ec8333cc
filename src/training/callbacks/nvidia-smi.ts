import { execFile } from 'node:child_process';

const COLUMNS = ['index', 'utilization.gpu', 'memory.used', 'memory.total'];
const ARGUMENTS = [`--query-gpu=${COLUMNS.join(',')}`, '--format=csv,noheader,nounits'];

/** Readings by name, e.g. `gpu0Percent`, `gpu0MemoryMiB`, `gpu0TotalMiB`; what a GPU does not tell is left out. */
export type GpuReadings = Readonly<Record<string, number>>;

/**
 * Asks `nvidia-smi` for the load and memory of every GPU, without blocking; undefined where there is no such program
 * or no driver. https://docs.nvidia.com/deploy/nvidia-smi/
 */
export function readNvidiaSmi(
  program = 'nvidia-smi',
  options: readonly string[] = [],
): Promise<GpuReadings | undefined> {
  return new Promise((resolve) => {
    execFile(program, [...options, ...ARGUMENTS], { timeout: 10_000, windowsHide: true }, (error, output) => {
      resolve(error ? undefined : parseNvidiaSmi(output));
    });
  });
}

/** Reads `nvidia-smi`'s CSV: a line a GPU, in the order of `COLUMNS`; `[N/A]` and `[Not Supported]` are no numbers. */
export function parseNvidiaSmi(csv: string): GpuReadings {
  const readings: Record<string, number> = {};
  for (const line of csv.split('\n')) {
    const [index, percent, used, total] = line.split(',').map((cell) => Number.parseFloat(cell));
    if (Number.isNaN(index)) continue;
    const named = { Percent: percent, MemoryMiB: used, TotalMiB: total };
    for (const [name, value] of Object.entries(named)) if (value >= 0) readings[`gpu${index}${name}`] = value;
  }
  return readings;
}
