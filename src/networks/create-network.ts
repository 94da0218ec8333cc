import { characterCnn, characterCnnConfig } from './character-cnn.ts';
import { createNamed, type Makers } from './create-named.ts';
import { lenet, lenetConfig } from './course/lenet.ts';
import { mlp, mlpConfig } from './course/mlp.ts';
import type { Network } from './network.ts';

const networks: Makers<Network> = {
  mlp: (config) => mlp(mlpConfig.parse(config)),
  lenet: (config) => lenet(lenetConfig.parse(config)),
  'character-cnn': (config) => characterCnn(characterCnnConfig.parse(config)),
};

/** The network of that name; throws INVALID_ARGUMENT for an unknown name or a configuration that does not fit. */
export function createNetwork(name: string, config: Readonly<Record<string, unknown>>): Network {
  return createNamed('network', networks, name, config);
}
