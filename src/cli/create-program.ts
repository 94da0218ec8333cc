import { Command } from 'commander';
import { packageVersion } from '../files/package-version.ts';
import { checkVariables } from '../options/variables.ts';

/** Each command brings what it needs; importing all of them would cost every start half a second. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand(),
  recognize: async () => (await import('./commands/recognize.ts')).recognizeCommand(),
  adapt: async () => (await import('./commands/adapt.ts')).adaptCommand(),
  adapters: async () => (await import('./commands/adapters.ts')).adaptersCommand(),
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
  train: async () => (await import('./commands/train.ts')).trainCommand(),
  dashboard: async () => (await import('./commands/dashboard.ts')).dashboardCommand(),
  experiments: async () => (await import('./commands/experiments.ts')).experimentsCommand(),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  deploy: async () => (await import('./commands/deploy.ts')).deployCommand(),
  models: async () => (await import('./commands/models.ts')).modelsCommand(),
  download: async () => (await import('./commands/download.ts')).downloadCommand(),
  calibrate: async () => (await import('./commands/calibrate.ts')).calibrateCommand(),
  monitor: async () => (await import('./commands/monitor.ts')).monitorCommand(),
  prepare: async () => (await import('./commands/prepare.ts')).prepareCommand(),
  'train-language-model': async () => (await import('./commands/train-language-model.ts')).trainLanguageModelCommand(),
  grade: async () => (await import('./commands/grade.ts')).gradeCommand(),
  info: async () => (await import('./commands/info.ts')).infoCommand(),
};

/** The command line with the commands that must be there for its first argument to be understood. */
export async function createProgram(first: string | undefined): Promise<Command> {
  const program = new Command('text-recognizer')
    .description('Reads handwriting; trains and evaluates recognisers.')
    .version(packageVersion())
    .hook('preAction', () => checkVariables(process.env))
    .showHelpAfterError('Run with --help to see what there is.');
  for (const name of neededBy(first)) program.addCommand(await commands[name]());
  return program;
}

/** One command, or all of them for help and to name what is unknown. */
function neededBy(first: string | undefined): readonly string[] {
  const names = Object.keys(commands);
  if (first === '--version' || first === '-V') return [];
  return names.includes(first ?? '') ? [first!] : names;
}
