import { parentPort } from 'node:worker_threads';
import { toErrorMessage } from '../runtime/worker-error.ts';
import type { DrawAnswer, DrawRequest } from './draw-protocol.ts';
import type { DrawnFile } from './drawn-file.ts';

/* The thread of `WorkerDrawer`. */

/** Most memory of a decoder: a picture within a PDF may unpack to a thousand times its bytes. A page of 50 million pixels needs 200 MB. */
const MAX_PAGES_OF_MEMORY = (768 * 2 ** 20) / 65_536;

limitMemory();

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

/** What of WebAssembly.Memory matters here; Node's types leave it out. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Beyond the limit, decoders find no more memory, and say so or leave the picture out. */
function limitMemory(): void {
  const { prototype } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } }).WebAssembly
    .Memory;
  const { grow } = prototype;
  prototype.grow = function (this: Memory, pages: number): number {
    if (this.buffer.byteLength / 65_536 + pages > MAX_PAGES_OF_MEMORY) throw new RangeError('Out of memory.');
    return grow.call(this, pages);
  };
}
