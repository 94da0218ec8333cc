// One of several replicas of a training on this machine. It ends with the first one, whatever happens to that.
import { once } from 'node:events';
import { OtherReplica } from '../../training/replicas/other-replica.ts';
import { followExperiment } from './follow-experiment.ts';
import type { ReplicaRequest } from './start-replicas.ts';

process.on('disconnect', () => process.exit(1));
// A terminal sends Ctrl-C to all processes; the first replica decides what it means.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

const [{ recipe, address, rank, count, options }] = (await once(process, 'message')) as [ReplicaRequest];
const replica = await OtherReplica.open(address, rank, count);
try {
  await followExperiment(recipe, { ...options, replica });
} catch (error) {
  console.error(`Replica ${rank}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  replica.close();
  process.disconnect();
}
