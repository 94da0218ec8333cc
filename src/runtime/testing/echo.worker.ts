import { parentPort, workerData } from 'node:worker_threads';
import { TextRecognizerError } from '../../errors.ts';
import { toErrorMessage } from '../worker-error.ts';

/** Posts its `workerData` back, and an error as errors are posted. */
parentPort!.postMessage(workerData);
parentPort!.postMessage(toErrorMessage(new TextRecognizerError('FILE_CORRUPT', 'broken')));
