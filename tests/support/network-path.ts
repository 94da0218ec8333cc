import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a port of this machine that can be cut: then connections stay open, and nothing comes through. */
export class NetworkPath {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => [near, far].forEach((other) => other.destroy()));
      }
      near.on('data', (bytes) => this.#isCut || far.write(bytes));
      far.on('data', (bytes) => this.#isCut || near.write(bytes));
    });
  }

  static async to(target: number): Promise<NetworkPath> {
    const path = new NetworkPath(target);
    path.#server.listen(0, '127.0.0.1');
    await once(path.#server, 'listening');
    return path;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
  }

  /** What was sent meanwhile is lost, and so are the connections. */
  mend(): void {
    this.#isCut = false;
    this.#closeConnections();
  }

  close(): void {
    this.#closeConnections();
    this.#server.close();
  }

  #closeConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}
