import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { characterCnn, characterCnnConfig } from './character-cnn.ts';
import { lenet, lenetConfig } from './lenet.ts';
import { mlp, mlpConfig } from './mlp.ts';
import type { Network } from './network.ts';

const networks = {
  mlp: (config: unknown) => mlp(mlpConfig.parse(config)),
  lenet: (config: unknown) => lenet(lenetConfig.parse(config)),
  'character-cnn': (config: unknown) => characterCnn(characterCnnConfig.parse(config)),
};

export const networkNames = Object.keys(networks);

/** The network of that name; throws INVALID_ARGUMENT for an unknown name or a configuration that does not fit. */
export function createNetwork(name: string, config: Readonly<Record<string, unknown>>): Network {
  if (!Object.hasOwn(networks, name)) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `There is no network '${name}'; there are ${networkNames.join(', ')}.`,
    );
  }
  try {
    return networks[name as keyof typeof networks](config);
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The configuration of network '${name}' is not right:\n${z.prettifyError(cause)}`,
      { cause },
    );
  }
}
