import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage, type WorkerErrorMessage } from '../../runtime/worker-error.ts';
import { makeReference, type MakeReferenceOptions } from './make-reference.ts';
import type { Measurement } from './measurement.ts';
import { formatReference } from './reference.ts';

/** What the thread is started with. */
export interface MakeReferenceData {
  readonly measurements: readonly Measurement[];
  readonly options: MakeReferenceOptions;
}

/** What it posts, once: the text of the reference's file. */
export type MakeReferenceMessage = { readonly text: string } | { readonly error: WorkerErrorMessage };

function post(message: MakeReferenceMessage): void {
  parentPort!.postMessage(message);
}

try {
  const { measurements, options } = workerData as MakeReferenceData;
  post({ text: await formatReference(makeReference(measurements, options)) });
} catch (error) {
  post({ error: toErrorMessage(error) });
}
