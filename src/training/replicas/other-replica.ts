import type { Dealer } from 'zeromq';
import { TextRecognizerError } from '../../errors.ts';
import { liveness, loadZeromq } from './load-zeromq.ts';
import type { ReplicaExchange, ReplicaStart } from './replica-exchange.ts';
import { decodeHeader, decodeStart, encodeHeader, toBytes, toNumbers } from './replica-message.ts';

/** Thrown where the first replica says that a training is over. */
export class TrainingOver extends Error {}

/** A replica that learns from its share of the batches, and does what the first one says. */
export class OtherReplica implements ReplicaExchange {
  readonly rank: number;
  readonly count: number;
  readonly #socket: Dealer;
  readonly #lost: Promise<never>;
  #isClosed = false;

  private constructor(socket: Dealer, address: string, rank: number, count: number) {
    this.#socket = socket;
    this.rank = rank;
    this.count = count;
    this.#lost = new Promise((_, reject) => {
      socket.events.on('disconnect', () => {
        if (!this.#isClosed) reject(lostError(address));
      });
    });
    this.#lost.catch(() => undefined);
    socket.connect(address);
  }

  /** Connects to the first replica, which may come later. */
  static async open(address: string, rank: number, count: number): Promise<OtherReplica> {
    const { Dealer } = await loadZeromq();
    const socket = new Dealer({ ...liveness, routingId: `replica-${rank}`, linger: 0 });
    try {
      return new OtherReplica(socket, address, rank, count);
    } catch (cause) {
      socket.close();
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `'${address}' is no address of a replica: give tcp://HOST:PORT, as the first one says.`,
        { cause },
      );
    }
  }

  /** Waits until the first replica begins a training. */
  async begin(config: string): Promise<ReplicaStart> {
    const { rank, count } = this;
    await this.#socket.send(encodeHeader({ kind: 'join', rank, count, config }));
    for (;;) {
      const [first, ...frames] = await this.#receive();
      const header = decodeHeader(first);
      if (header.kind === 'begin') return decodeStart(header, frames);
      if (header.kind === 'refuse') throw new TextRecognizerError('INVALID_ARGUMENT', header.message);
    }
  }

  async sum(vector: Float32Array): Promise<void> {
    await this.#socket.send([encodeHeader({ kind: 'sum' }), toBytes(vector)]);
    const [header, numbers] = await this.#receive();
    if (decodeHeader(header).kind === 'end') throw new TrainingOver();
    vector.set(toNumbers(numbers));
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
  }

  async #receive(): Promise<Buffer[]> {
    return await Promise.race([this.#socket.receive(), this.#lost]);
  }
}

function lostError(address: string): TextRecognizerError {
  return new TextRecognizerError(
    'REPLICA_LOST',
    `The first replica, at ${address}, is gone: this one stops, too. Start all again to resume from the last checkpoint.`,
  );
}
