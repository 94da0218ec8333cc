import { Command, CommanderError } from 'commander';
import { TextRecognizerError } from '../errors.ts';
import { deployCommand } from './commands/deploy.ts';
import { downloadCommand } from './commands/download.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { infoCommand } from './commands/info.ts';
import { modelsCommand } from './commands/models.ts';
import { recognizeCommand } from './commands/recognize.ts';
import { serveCommand } from './commands/serve.ts';
import { startCommand } from './commands/start.ts';
import { trainCommand } from './commands/train.ts';
import { trainLanguageModelCommand } from './commands/train-language-model.ts';
import { packageVersion } from '../files/package-version.ts';

const program = new Command('text-recognizer')
  .description('Reads handwriting; trains and evaluates recognisers.')
  .version(packageVersion())
  .showHelpAfterError('Run with --help to see what there is.')
  .addCommand(startCommand())
  .addCommand(recognizeCommand())
  .addCommand(evaluateCommand())
  .addCommand(trainCommand())
  .addCommand(serveCommand())
  .addCommand(deployCommand())
  .addCommand(modelsCommand())
  .addCommand(downloadCommand())
  .addCommand(trainLanguageModelCommand())
  .addCommand(infoCommand());

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
