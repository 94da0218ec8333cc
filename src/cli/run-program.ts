import { type Command, CommanderError } from 'commander';
import { TextRecognizerError } from '../errors.ts';
import { explainWrite } from '../files/explain-write.ts';

/** Runs a command line; one that is wrong, or a `TextRecognizerError`, becomes a message and an exit code. */
export async function runProgram(program: Command): Promise<void> {
  endQuietlyWithReader();
  // A subcommand does not take this over from its parent.
  for (const command of withSubcommands(program)) command.exitOverride();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else if (isReportable(error)) report(error);
    else throw error;
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Errors that are no fault of the program: the library's own, and what the system says of files and sockets. */
function isReportable(error: unknown): error is TextRecognizerError | NodeJS.ErrnoException {
  return error instanceof TextRecognizerError || (error instanceof Error && 'syscall' in error);
}

function report({ code, message }: TextRecognizerError | NodeJS.ErrnoException): void {
  // The system's messages begin with their code.
  console.error(message.startsWith(`${code}: `) ? message : `${code}: ${message}`);
  process.exitCode = 1;
}

/** Whoever reads the output may have had enough, as `head` has: that is not an error. A full disk behind it is one. */
function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    const explained = explainWrite('The standard output', error);
    if (!isReportable(explained)) throw error;
    report(explained);
    process.exit();
  });
}
