import { parentPort } from 'node:worker_threads';
import { toErrorMessage } from '../runtime/worker-error.ts';
import type { DrawAnswer, DrawRequest } from './draw-protocol.ts';
import type { DrawnFile } from './drawn-file.ts';

/* The thread of `WorkerDrawer`. */

let file: DrawnFile | undefined;

parentPort!.on('message', async (request: DrawRequest) => {
  try {
    if ('draw' in request) {
      const page = await file!.draw(request.draw);
      return answer({ page }, [page.data.buffer as ArrayBuffer]);
    }
    const { format } = request.open;
    const { openPdf } = await import('./open-pdf.ts');
    const { openHeic } = await import('./open-heic.ts');
    file = await (format === 'PDF' ? openPdf : openHeic)(request.open);
    answer({ pages: file.pages });
  } catch (error) {
    answer({ error: toErrorMessage(error) });
  }
});

parentPort!.postMessage('ready');

function answer(message: DrawAnswer, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}
