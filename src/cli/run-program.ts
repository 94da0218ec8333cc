import { type Command, CommanderError } from 'commander';
import { TextRecognizerError } from '../errors.ts';

/** Runs a command line; one that is wrong, or a `TextRecognizerError`, becomes a message and an exit code. */
export async function runProgram(program: Command): Promise<void> {
  endQuietlyWithReader();
  // A subcommand does not take this over from its parent.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else if (error instanceof TextRecognizerError) {
      console.error(`${error.code}: ${error.message}`);
      process.exitCode = 1;
    } else throw error;
  }
}

/** Whoever reads the output may have had enough, as `head` has: that is no error. */
function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
