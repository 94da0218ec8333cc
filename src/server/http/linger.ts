import type { IncomingMessage } from 'node:http';
import { bodyPace } from './body-pace.ts';

/** How long what a client still sends is read, and how much of it. */
const LONGEST_MS = 2000;
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Has the connection of a request that is refused before its body has come end gently: what the client still sends is read and
 * forgotten for a while. A connection that is closed while data arrive is reset, and takes the answer away with it before the
 * client has read it (RFC 9112, 9.6). To be called before the answer, which must say `Connection: close`.
 */
export function linger(request: IncomingMessage): void {
  const { socket } = request;
  if (request.complete || socket.destroyed) return;
  const start = socket.bytesRead;
  const destroy = (): void => void socket.destroy();
  // This is how Node ends a connection after its last answer.
  socket.destroySoon = () => {
    if (socket.destroyed) return;
    socket.end();
    const timer = setTimeout(destroy, LONGEST_MS);
    socket.once('end', destroy).once('close', () => clearTimeout(timer));
    request.unpipe();
    request.on('data', ({ length }: Buffer) => {
      if (socket.bytesRead - start > MOST_BYTES) return destroy();
      request.pause();
      void bodyPace.take(length, socket.bytesRead - start).then(() => request.resume());
    });
    request.once('end', destroy).resume();
  };
}
