import { once } from 'node:events';
import { TextRecognizerError } from '../../errors.ts';
import { forkModule } from '../../runtime/fork-module.ts';

/** What a model costs where it serves. */
export interface ServingCost {
  /** Of the ONNX file. */
  readonly bytes: number;
  /** Median time of one reading, decoding left out: a character, or a line of 1,024 pixels. */
  readonly milliseconds: number;
  /** What loading the model and reading with it adds to the most memory that is resident. */
  readonly megabytes: number;
}

/** What the process that measures is asked for, and what it answers. */
export interface CostRequest {
  readonly folder: string;
  readonly threads: number | undefined;
}

export interface CostOptions {
  readonly threads?: number;
  /** How often each is measured, in turn with the others, so that whatever else the machine does meets all of them; default 3. */
  readonly rounds?: number;
}

/** What models cost, each measured in processes of its own, in turn; the least of several rounds. Throws WORKER_FAILED. */
export async function servingCosts(
  folders: readonly string[],
  { threads, rounds = 3 }: CostOptions = {},
): Promise<ServingCost[]> {
  const measured: ServingCost[][] = folders.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, folder] of folders.entries()) measured[i].push(await measureOnce({ folder, threads }));
  return measured.map((costs) => ({
    bytes: costs[0].bytes,
    milliseconds: Math.min(...costs.map(({ milliseconds }) => milliseconds)),
    megabytes: Math.min(...costs.map(({ megabytes }) => megabytes)),
  }));
}

async function measureOnce(request: CostRequest): Promise<ServingCost> {
  const child = forkModule(new URL('./serving-cost.process.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const answer = once(child, 'message') as Promise<[ServingCost]>;
  const failure = once(child, 'exit').then(() => undefined);
  child.send(request);
  const result = await Promise.race([answer, failure]);
  if (result !== undefined) return result[0];
  throw new TextRecognizerError(
    'WORKER_FAILED',
    `The process that measures ${request.folder} ended before it answered; see above for why.`,
  );
}
