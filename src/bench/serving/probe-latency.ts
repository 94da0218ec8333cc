import { setTimeout as sleep } from 'node:timers/promises';

/** Asks for `url` every `everyMs` until it is stopped; the times in milliseconds are those of answers read whole. */
export class LatencyProbe {
  readonly #times: number[] = [];
  readonly #running: Promise<void>;
  #isStopped = false;

  constructor(url: string, everyMs: number) {
    this.#running = this.#run(url, everyMs);
  }

  async stop(): Promise<number[]> {
    this.#isStopped = true;
    await this.#running;
    return this.#times;
  }

  async #run(url: string, everyMs: number): Promise<void> {
    while (!this.#isStopped) {
      const before = performance.now();
      const response = await fetch(url);
      await response.arrayBuffer();
      this.#times.push(performance.now() - before);
      await sleep(everyMs);
    }
  }
}
