// One attempt in a process of its own. It saves and ends when it is told to, and when whoever started it is gone.
import { once } from 'node:events';
import { TextRecognizerError } from '../../errors.ts';
import { runSharedAttempt } from '../queue/run-shared-attempt.ts';
import type { AttemptEnd, AttemptMessage, AttemptReport, AttemptRequest } from './attempt-protocol.ts';
import { runAttempt } from './run-attempt.ts';

const stop = new AbortController();
process.on('disconnect', () => stop.abort());
// A terminal sends Ctrl-C to all processes; the scheduler decides what it means.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

// It may be gone before this was loaded.
if (!process.connected) process.exit();

const [request] = (await once(process, 'message')) as [AttemptRequest];
process.on('message', () => stop.abort());
const end = await attempt();
if (process.connected) send({ event: 'end', end }, () => process.exit());
else process.exit();

async function attempt(): Promise<AttemptEnd> {
  const { shared } = request;
  const hooks = { signal: stop.signal, report: (report: AttemptReport) => send(report) };
  try {
    return await (shared ? runSharedAttempt(request, shared, hooks) : runAttempt(request, hooks));
  } catch (error) {
    console.error(error);
    const message = error instanceof Error ? error.message : String(error);
    return { state: 'failed', message, code: error instanceof TextRecognizerError ? error.code : undefined };
  }
}

/** What cannot be sent any more is of no interest: the folder of the run has it. */
function send(message: AttemptMessage, then: () => void = () => undefined): void {
  if (process.connected) process.send!(message, () => then());
}
