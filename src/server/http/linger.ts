import type { IncomingMessage } from 'node:http';
import { bodyPace } from './body-pace.ts';

/** What a client still sends is read until it has been silent for so long, or has sent so much. */
const SILENT_MS = 5000;
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Has the connection of a request that is refused before its body has come end gently: what the client still sends is read and
 * forgotten for a while, at most as long as a request may take to come. A connection that is closed while data arrive is reset, and
 * takes the answer away with it before the client has read it (RFC 9112, 9.6). To be called before the answer, which must say
 * `Connection: close`.
 */
export function linger(request: IncomingMessage): void {
  const { socket } = request;
  if (request.complete || socket.destroyed) return;
  // Node would otherwise take in all of a body that nobody has begun to read, at once and untold.
  request.read(0);
  const start = socket.bytesRead;
  const destroy = (): void => void socket.destroy();
  // This is how Node ends a connection after its last answer.
  socket.destroySoon = () => {
    if (socket.destroyed) return;
    socket.end();
    const timer = setTimeout(destroy, SILENT_MS);
    socket.once('end', destroy).once('close', () => clearTimeout(timer));
    request.unpipe();
    request.on('data', async ({ length }: Buffer) => {
      if (socket.bytesRead - start > MOST_BYTES) return destroy();
      request.pause();
      await bodyPace.take(length, socket.bytesRead - start);
      if (socket.destroyed) return;
      timer.refresh();
      request.resume();
    });
    request.once('end', destroy).resume();
  };
}
