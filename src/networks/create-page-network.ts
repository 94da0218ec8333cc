import { createNamed, type Makers } from './create-named.ts';
import type { Network } from './network.ts';
import { pageNetwork, pageNetworkConfig } from './page-network.ts';

const networks: Makers<Network> = {
  'page-network': (config) => pageNetwork(pageNetworkConfig.parse(config)),
};

/** The page network of that name; throws INVALID_ARGUMENT for an unknown name or a configuration that does not fit. */
export function createPageNetwork(name: string, config: Readonly<Record<string, unknown>>): Network {
  return createNamed('page network', networks, name, config);
}
