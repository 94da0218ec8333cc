import { hostname } from 'node:os';
import { TextRecognizerError } from '../../errors.ts';
import type { Callback } from '../../training/callback.ts';
import { changeRunRecord } from '../run-record.ts';
import type { AttemptEnd, AttemptRequest, SharedPlace } from '../scheduler/attempt-protocol.ts';
import { runAttempt, type AttemptHooks } from '../scheduler/run-attempt.ts';
import { readRunResult } from '../scheduler/run-result.ts';
import { ClaimedRun, fetchRun } from './run-snapshot.ts';
import { openRunStore } from './run-store.ts';

/**
 * `runAttempt` of a run that is kept where several machines reach it: takes it over from the attempt before, trains in a folder of this
 * machine, and stores each checkpoint and the end. Once another attempt has taken it over, nothing more is stored: RUN_TAKEN_OVER.
 */
export async function runSharedAttempt(
  request: AttemptRequest,
  { place, retries }: SharedPlace,
  hooks: AttemptHooks,
): Promise<AttemptEnd> {
  const store = await openRunStore(place);
  const by = `process ${process.pid} on ${hostname()}`;
  const run = await ClaimedRun.take(store, request.folder, { by, retries });
  if (!run) {
    await fetchRun(store, request.folder, (path) => path !== 'result.json');
    return { state: 'finished', result: (await readRunResult(request.folder))! };
  }
  hooks.report?.({ event: 'claimed', attempt: run.attempt });
  // The attempt before may still run, on this machine, too.
  await changeRunRecord(request.folder, { process: undefined });
  const callbacks = [...(hooks.callbacks ?? []), saveCheckpoints(run, hooks)];
  const end = await runAttempt(request, { ...hooks, callbacks });
  await run.save(end.state === 'finished' ? 'finished' : 'saved');
  return end;
}

/** A store that is away at a checkpoint may be back at the next. */
function saveCheckpoints(run: ClaimedRun, { report }: AttemptHooks): Callback {
  return {
    name: 'shared-run',
    async onCheckpoint() {
      try {
        await run.save('saved');
        report?.({ event: 'saved' });
      } catch (error) {
        if (!(error instanceof TextRecognizerError) || error.code === 'RUN_TAKEN_OVER') throw error;
        console.error(`This checkpoint was not stored: ${error.message}`);
      }
    },
  };
}
