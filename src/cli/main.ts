import { Command, CommanderError } from 'commander';
import { TextRecognizerError } from '../errors.ts';
import { packageVersion } from './package-version.ts';
import { trainCommand } from './commands/train.ts';
import { trainLanguageModelCommand } from './commands/train-language-model.ts';

const program = new Command('text-recognizer')
  .description('Reads handwriting; trains, evaluates and serves recognisers.')
  .version(packageVersion())
  .showHelpAfterError('Run with --help to see what there is.')
  .addCommand(trainCommand())
  .addCommand(trainLanguageModelCommand());

try {
  await program.exitOverride().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (error instanceof TextRecognizerError) {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  } else throw error;
}
