import { TextRecognizerError } from '../errors.ts';
import { serviceOptions, variableOf, type ServiceOption, type ServiceSettings } from './service-options.ts';
import { variable, type Environment } from './variables.ts';

interface ReadOptions {
  /** What flags say; they override variables. */
  readonly flags?: Partial<ServiceSettings>;
  /** Other defaults than the table's. */
  readonly defaults?: Partial<ServiceSettings>;
  /** Where the service runs; on AWS Lambda, a variable without an effect is refused. */
  readonly platform?: 'server' | 'lambda';
}

/** The options of the service: flags, otherwise variables, otherwise defaults; throws INVALID_ARGUMENT naming the variable. */
export function readServiceOptions(
  env: Environment,
  { flags = {}, defaults = {}, platform = 'server' }: ReadOptions = {},
): ServiceSettings {
  const settings = Object.entries<ServiceOption>(serviceOptions).map(([key, option]) => {
    const name = key as keyof ServiceSettings;
    if (platform === 'lambda') requireEffect(option, env);
    return [name, flags[name] ?? fromVariable(option, env) ?? defaults[name] ?? option.default];
  });
  return Object.fromEntries(settings) as unknown as ServiceSettings;
}

function fromVariable(option: ServiceOption, env: Environment): unknown {
  for (const name of namesOf(option)) {
    const text = variable(name, env);
    if (text !== undefined) return parseVariable(name, text, option);
  }
  return undefined;
}

/** The variable of its own comes first. */
function namesOf(option: ServiceOption): readonly string[] {
  return option === serviceOptions.port ? [variableOf(option), 'PORT'] : [variableOf(option)];
}

function parseVariable(name: string, text: string, { parse }: ServiceOption): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TextRecognizerError)) throw cause;
    const message = `The variable ${name} is ${JSON.stringify(text.slice(0, 100))}. ${cause.message}`;
    throw new TextRecognizerError('INVALID_ARGUMENT', message, { cause });
  }
}

function requireEffect(option: ServiceOption, env: Environment): void {
  const name = variableOf(option);
  if (option.lambda || variable(name, env) === undefined) return;
  throw new TextRecognizerError('INVALID_ARGUMENT', `The variable ${name} has no effect on AWS Lambda; remove it.`);
}
