import { lenet } from '../networks/lenet.ts';
import { mlp } from '../networks/mlp.ts';
import { characterCnn } from '../networks/character-cnn.ts';
import { benchCharacterInference } from './character-inference.ts';
import { benchCharacterTraining } from './character-training.ts';
import { benchMatrixProduct } from './matrix-product.ts';
import type { BenchmarkOptions } from './measure.ts';

/** As many as the reference's extended EMNIST has. */
const classes = 80;

/** Everything that `npm run bench` measures, in items per second. */
export const benchmarks: Readonly<Record<string, (options: BenchmarkOptions) => Promise<number>>> = {
  'mlp-train': (options) => benchCharacterTraining(mlp({ classes }), options),
  'lenet-train': (options) => benchCharacterTraining(lenet({ classes }), options),
  'character-cnn-train': (options) => benchCharacterTraining(characterCnn({ classes: 62 }), options),
  'lenet-infer': (options) => benchCharacterInference(lenet({ classes }), options),
  'character-cnn-infer': (options) => benchCharacterInference(characterCnn({ classes: 62 }), options),
  // Products of two 1024×1024 matrices: times 2.147 it is GFLOP/s, the limit that the others are compared with.
  'matrix-product': benchMatrixProduct,
};
