import type { Router } from 'zeromq';
import { TextRecognizerError } from '../../errors.ts';
import { liveness, loadZeromq } from './load-zeromq.ts';
import type { ReplicaExchange, ReplicaStart } from './replica-exchange.ts';
import { decodeHeader, encodeHeader, encodeStart, toBytes, toNumbers } from './replica-message.ts';

interface Incoming {
  readonly rank: number;
  readonly vector: Float32Array;
}

/**
 * The replica that has the run: it tells the others where to begin, adds up what all have computed, and writes checkpoints. They connect to
 * its address (ZeroMQ; a star, which is as good as a ring as long as few take part).
 */
export class FirstReplica implements ReplicaExchange {
  readonly rank = 0;
  readonly count: number;
  readonly address: string;
  readonly #socket: Router;
  /** By the name that their connection has. */
  readonly #ranks = new Map<string, number>();
  readonly #names = new Map<number, Buffer>();
  readonly #lost: Promise<never>;
  #lose: (error: TextRecognizerError) => void = () => undefined;
  /** The sums of this step and of the one before, which the others may still be reading. */
  #sums: [Float32Array, Float32Array] = [new Float32Array(0), new Float32Array(0)];

  private constructor(socket: Router, count: number) {
    this.#socket = socket;
    this.count = count;
    this.address = socket.lastEndpoint!;
    this.#lost = new Promise((_, reject) => (this.#lose = reject));
    // Whoever waits is told; nobody needs to wait.
    this.#lost.catch(() => undefined);
    socket.events.on('disconnect', () => this.lose('The connection to a replica was lost'));
  }

  /** Listens at an address such as `tcp://127.0.0.1:*`; throws PORT_UNAVAILABLE, PACKAGE_MISSING. */
  static async open(address: string, count: number): Promise<FirstReplica> {
    const { Router } = await loadZeromq();
    const socket = new Router({ ...liveness, mandatory: true, linger: 5000 });
    try {
      await socket.bind(address);
    } catch (cause) {
      socket.close();
      throw new TextRecognizerError(
        'PORT_UNAVAILABLE',
        `Replicas cannot be waited for at ${address}: ${(cause as Error).message}. Give an address of this machine that is free.`,
        { cause },
      );
    }
    return new FirstReplica(socket, count);
  }

  /** Ends what waits for others, now and later. */
  lose(reason: string): void {
    this.#lose(
      new TextRecognizerError(
        'REPLICA_LOST',
        `${reason}: the training has stopped and is saved. The same command resumes.`,
      ),
    );
  }

  /** Waits for all others, and tells them where a training begins; false where `signal` came first. Throws INVALID_ARGUMENT where one is to train something else. */
  async begin(config: string, start: ReplicaStart, signal?: AbortSignal): Promise<boolean> {
    const joined = new Set<number>();
    while (joined.size < this.count - 1) {
      const received = await Promise.race([this.#receive(), aborted(signal)]);
      if (!received) return false;
      const [name, header] = received;
      const message = decodeHeader(header);
      if (message.kind !== 'join') continue;
      const problem = this.#problemOf(message, config);
      if (problem !== undefined) {
        await this.#socket.send([name, encodeHeader({ kind: 'refuse', message: problem })]);
        throw new TextRecognizerError('INVALID_ARGUMENT', problem);
      }
      joined.add(message.rank);
      this.#ranks.set(name.toString('hex'), message.rank);
      this.#names.set(message.rank, name);
    }
    const frames = encodeStart({
      ...start,
      state: new Map([...start.state].map(([key, vector]) => [key, vector.slice()])),
    });
    await this.#sendAll(frames);
    return true;
  }

  /** In the order of the ranks, so that the sums are the same whoever is faster. */
  async sum(vector: Float32Array): Promise<void> {
    const incoming: Incoming[] = [];
    while (incoming.length < this.count - 1) {
      const [name, header, numbers] = await this.#receive();
      const rank = this.#ranks.get(name.toString('hex'));
      if (rank !== undefined && decodeHeader(header).kind === 'sum')
        incoming.push({ rank, vector: toNumbers(numbers) });
    }
    for (const { vector: other } of incoming.sort((a, b) => a.rank - b.rank)) {
      for (let i = 0; i < vector.length; i++) vector[i] += other[i];
    }
    this.#sums.reverse();
    if (this.#sums[0].length !== vector.length) this.#sums[0] = new Float32Array(vector.length);
    this.#sums[0].set(vector);
    await this.#sendAll([encodeHeader({ kind: 'sum' }), toBytes(this.#sums[0])]);
  }

  /** The others are done with this training; another one may begin. */
  async end(): Promise<void> {
    await this.#sendAll([encodeHeader({ kind: 'end' })]).catch(() => undefined);
    this.#names.clear();
    this.#ranks.clear();
  }

  close(): void {
    this.#socket.close();
  }

  #problemOf(
    { rank, count, config: other }: { rank: number; count: number; config: string },
    config: string,
  ): string | undefined {
    if (count !== this.count)
      return `Replica ${rank} was started with --replicas ${count}, the first one with ${this.count}.`;
    if (rank < 1 || rank >= count)
      return `There is no replica ${rank} of ${count}: give --rank from 1 to ${count - 1}.`;
    if (this.#names.has(rank)) return `There are two replicas ${rank}: give each its own --rank.`;
    if (other !== config)
      return `Replica ${rank} trains something else than the first one: start all with the same experiment, data and flags.`;
    return undefined;
  }

  async #receive(): Promise<Buffer[]> {
    return await Promise.race([this.#socket.receive(), this.#lost]);
  }

  async #sendAll(frames: readonly (string | Uint8Array)[]): Promise<void> {
    for (const name of this.#names.values()) await Promise.race([this.#send(name, frames), this.#lost]);
  }

  /** A replica may leave between its last message and this one. */
  async #send(name: Buffer, frames: readonly (string | Uint8Array)[]): Promise<void> {
    try {
      await this.#socket.send([name, ...frames]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EHOSTUNREACH') throw error;
      this.lose('The connection to a replica was lost');
      await this.#lost;
    }
  }
}

/** Resolves when it is. */
async function aborted(signal: AbortSignal | undefined): Promise<undefined> {
  if (signal?.aborted) return undefined;
  return await new Promise((resolve) => signal?.addEventListener('abort', () => resolve(undefined), { once: true }));
}
