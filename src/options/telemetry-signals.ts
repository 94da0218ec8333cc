import { TextRecognizerError } from '../errors.ts';
import { parseAddress } from './parse-values.ts';
import { type Environment, variable } from './variables.ts';

/** What is sent to an OpenTelemetry collector. */
export interface TelemetrySignals {
  readonly traces: boolean;
  readonly metrics: boolean;
}

const PREFIX = 'OTEL_EXPORTER_OTLP';
const address = parseAddress('http', 'https');

/**
 * What OpenTelemetry's standard variables ask for, `undefined` without an endpoint; throws INVALID_ARGUMENT for an endpoint that is no
 * HTTP address, and for gRPC.
 */
export function telemetrySignals(env: Environment): TelemetrySignals | undefined {
  if (variable('OTEL_SDK_DISABLED', env)?.toLowerCase() === 'true') return undefined;
  const signals = { traces: isWanted('TRACES', env), metrics: isWanted('METRICS', env) };
  return signals.traces || signals.metrics ? signals : undefined;
}

function isWanted(signal: 'TRACES' | 'METRICS', env: Environment): boolean {
  if (variable(`OTEL_${signal}_EXPORTER`, env) === 'none') return false;
  const endpoint = firstSet([`${PREFIX}_${signal}_ENDPOINT`, `${PREFIX}_ENDPOINT`], env);
  if (endpoint === undefined) return false;
  checkEndpoint(...endpoint);
  const protocol = firstSet([`${PREFIX}_${signal}_PROTOCOL`, `${PREFIX}_PROTOCOL`], env);
  if (protocol?.[1] !== 'grpc') return true;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${protocol[0]} is grpc, but only OTLP over HTTP is sent. Remove it and give the HTTP port of the collector, usually 4318.`,
  );
}

function firstSet(names: readonly string[], env: Environment): [name: string, value: string] | undefined {
  const name = names.find((candidate) => variable(candidate, env) !== undefined);
  return name === undefined ? undefined : [name, variable(name, env)!];
}

/** OpenTelemetry itself would send to localhost instead. */
function checkEndpoint(name: string, value: string): void {
  try {
    address(value);
  } catch (cause) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `${name} is '${value}'. ${(cause as Error).message}`, { cause });
  }
}
