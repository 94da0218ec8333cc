// The second of two replicas in `replica-training.ts`.
import { characterCnn } from '../networks/character-cnn.ts';
import { OtherReplica, TrainingOver } from '../training/replicas/other-replica.ts';
import { characterTraining } from './character-training.ts';

const [address, batch] = process.argv.slice(2);
const replica = await OtherReplica.open(address, 1, 2);
const items = Number(batch);
const { session, inputs } = await characterTraining(characterCnn({ classes: 62 }), items, {
  threads: 1,
  exchange: replica,
});
await replica.begin('benchmark');
try {
  for (let step = 1; ; step++) await session.step(inputs, step, 1e-3, undefined, { items });
} catch (error) {
  if (!(error instanceof TrainingOver)) throw error;
}
await session.close();
replica.close();
