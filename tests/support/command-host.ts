import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CliEnding, compiledCli } from './run-cli.ts';

const script = fileURLToPath(new URL('command-host.process.mjs', import.meta.url));

/** One process that runs command lines one after the other, each in a small part of the time that a process of its own takes. */
export class CommandHost {
  readonly #child = fork(script, [dirname(compiledCli)], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  readonly #exit = once(this.#child, 'exit');
  readonly #warnings = text(this.#child.stderr!);
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the command line in a folder. */
  run(args: readonly string[], cwd: string): Promise<CliEnding> {
    const ending = this.#last.then(async () => {
      this.#child.send({ args, cwd });
      const [message] = await Promise.race([once(this.#child, 'message'), this.#ended()]);
      return message as CliEnding;
    });
    this.#last = ending.catch(() => undefined);
    return ending;
  }

  /** Ends the process; returns what Node and native code wrote to its standard error beside the commands. */
  async close(): Promise<string> {
    this.#child.kill();
    await this.#exit;
    return await this.#warnings;
  }

  async #ended(): Promise<never> {
    const [code, signal] = await this.#exit;
    throw new Error(`The process that runs the commands ended with ${code ?? signal}: ${await this.#warnings}`);
  }
}
