import { readServiceOptions } from './read-service-options.ts';
import { serviceOptions, variableOf, type ServiceOption } from './service-options.ts';
import { checkVariables, variable, type Environment } from './variables.ts';

/**
 * The variables that are set here and have an effect on AWS Lambda, to be set on a function; throws INVALID_ARGUMENT for one that
 * the function would refuse.
 */
export function lambdaVariables(env: Environment): Record<string, string> {
  checkVariables(env);
  const names = Object.values<ServiceOption>(serviceOptions).flatMap((option) =>
    option.lambda ? variableOf(option) : [],
  );
  const set = names.flatMap((name) => {
    const value = variable(name, env);
    return value === undefined ? [] : [[name, value] as const];
  });
  const variables = Object.fromEntries(set);
  readServiceOptions(variables, { platform: 'lambda' });
  return variables;
}
