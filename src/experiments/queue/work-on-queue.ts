import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueEvents, Worker, type QueueEventsListener } from 'bullmq';
import { deviceSlots } from '../scheduler/device-slots.ts';
import { queueConnection, requireRedis, shownAddress } from './queue-connection.ts';
import { queueNotices } from './queue-notices.ts';
import { closingMs, QueueWork, type QueueWorkerOptions } from './queue-work.ts';
import { queueName, type QueuedRun, type QueuedRunEnd } from './queued-run.ts';

/** Never: what is lost is counted in the log of the run. */
const MOST_STALLS = 1_000_000_000;
/**
 * Takes runs from a queue and trains them, each in a process of its own on a device of this machine, until `signal`. Throws
 * INVALID_ARGUMENT, QUEUE_UNAVAILABLE where Redis does not answer at first, DEVICE_UNAVAILABLE.
 */
export async function workOnQueue(options: QueueWorkerOptions): Promise<void> {
  const connection = queueConnection(options.address);
  await requireRedis(connection);
  const slots = await deviceSlots(options);
  const work = new QueueWork(slots, options);
  const notice = queueNotices(shownAddress(connection), options.onNotice);
  const lockDuration = 1000 * (options.lockSeconds ?? 30);
  const worker = new Worker<QueuedRun, QueuedRunEnd>(queueName, (job, token) => work.take(job, token!), {
    connection,
    name: `${hostname()}:${process.pid}`,
    concurrency: slots.length,
    lockDuration,
    stalledInterval: lockDuration,
    maxStalledCount: MOST_STALLS,
  });
  const events = new QueueEvents(queueName, { connection });
  worker.on('error', notice);
  events.on('error', notice);
  // Somebody else has, or soon takes, what this worker did not say in time that it still has.
  worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => work.stop(id, 'lost')));
  events.on<StopListener>('stop', ({ jobId }: { jobId: string }) => work.stop(jobId, 'asked'));
  options.onEvent?.({ event: 'ready', slots: slots.length });
  await new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    options.signal.addEventListener('abort', () => resolve());
  });
  work.stopAll();
  await work.idle();
  await Promise.race([Promise.all([worker.close(), events.close()]), sleep(closingMs, undefined, { ref: false })]);
  await worker.disconnect();
}

interface StopListener extends QueueEventsListener {
  stop: (args: { jobId: string }, id: string) => void;
}
