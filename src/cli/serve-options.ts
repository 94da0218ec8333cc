import { type Command, Option } from 'commander';
import { TextRecognizerError } from '../errors.ts';
import { readServiceOptions } from '../options/read-service-options.ts';
import { serviceOptions, variableOf, type ServiceOption, type ServiceSettings } from '../options/service-options.ts';
import { argumentOf } from './options.ts';

type Flags = Readonly<Record<string, unknown>>;

/** Other defaults than the table's, of a command. */
export type ServeDefaults = Partial<ServiceSettings>;

/** Adds the options of the page and the API to a command. */
export function addServeOptions(command: Command, defaults: ServeDefaults = {}): Command {
  for (const [key, option] of entries()) {
    const standard = defaults[key] ?? option.defaultHelp ?? option.default;
    const note = standard === undefined || standard === false ? '' : `default: ${String(standard)}, `;
    const flag = new Option(option.flag, `${option.help} (${note}env: ${variableOf(option)})`);
    command.addOption(takesValue(option) ? flag.argParser(repeatable(option)) : flag);
    // So that a flag can override a variable either way.
    if (!takesValue(option)) command.addOption(new Option(option.flag.replace('--', '--no-')).hideHelp());
  }
  return command;
}

/** The options as the command line sets them, otherwise the environment; throws INVALID_ARGUMENT. */
export function serveSettings(flags: Flags, defaults: ServeDefaults = {}): ServiceSettings {
  const given = entries().map(([key, option]) => [key, flagValue(option, flags)]);
  return readServiceOptions(process.env, { flags: Object.fromEntries(given) as ServeDefaults, defaults });
}

function entries(): [keyof ServiceSettings, ServiceOption][] {
  return Object.entries(serviceOptions) as [keyof ServiceSettings, ServiceOption][];
}

const takesValue = ({ flag }: ServiceOption): boolean => /[<[]/.test(flag);

/** Reads an argument; one that may be repeated adds to those before it. */
function repeatable({ parse }: ServiceOption): (text: string, before: unknown) => unknown {
  const read = argumentOf(parse);
  return (text, before) => {
    const value = read(text);
    return Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value;
  };
}

/** What the command line says of an option; a bare flag that needs a value is told what it may be. */
function flagValue(option: ServiceOption, flags: Flags): unknown {
  const flag = new Option(option.flag);
  const value = flags[flag.attributeName()];
  if (value !== true || !takesValue(option)) return value;
  try {
    return option.parse('');
  } catch (cause) {
    const message = `${flag.long} needs a value. ${(cause as Error).message}`;
    throw new TextRecognizerError('INVALID_ARGUMENT', message, { cause });
  }
}
