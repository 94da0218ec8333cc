import { z } from 'zod';
import type { AttemptEnd, AttemptReport, AttemptRequest } from '../scheduler/attempt-protocol.ts';

/** The queue of all groups, as BullMQ names it. */
export const queueName = 'text-recognizer-runs';

/** What a job says; the worker adds where and on what it computes. */
export const queuedRunSchema = z.strictObject({
  name: z.string(),
  experiment: z.json(),
  monitor: z.strictObject({ metric: z.string(), mode: z.enum(['min', 'max']) }),
  options: z.strictObject({
    dataRoot: z.string(),
    test: z.array(z.string()).readonly().optional(),
    skipBad: z.boolean().optional(),
    checkpointSeconds: z.number().min(0).optional(),
  }),
  until: z.int().positive().optional(),
  shared: z.strictObject({ place: z.string(), retries: z.int().min(0) }),
});

export type QueuedRun = z.output<typeof queuedRunSchema>;

/** What a job's progress says: where it is, the attempt's fencing token, and what it tells. */
export interface QueuedRunProgress {
  readonly attempt: number;
  readonly device: string;
  readonly pid?: number;
  readonly report: AttemptReport;
}

/** What a job returns. */
export type QueuedRunEnd = Exclude<AttemptEnd, { state: 'failed' }>;

/** The job of an attempt. */
export function queuedRun(request: AttemptRequest, shared: NonNullable<AttemptRequest['shared']>): QueuedRun {
  const { name, experiment, monitor, until } = request;
  const { dataRoot, test, skipBad, checkpointSeconds } = request.options;
  return { name, experiment, monitor, options: { dataRoot, test, skipBad, checkpointSeconds }, until, shared };
}
