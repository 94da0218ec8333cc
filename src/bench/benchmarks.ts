import { htrnetHalf } from '../networks/course/htrnet-half.ts';
import { lenet } from '../networks/course/lenet.ts';
import { lineCnnAllConv } from '../networks/course/line-cnn-all-conv.ts';
import { lineCnnSlidingWindow } from '../networks/course/line-cnn-sliding-window.ts';
import { lineLstmCtc } from '../networks/course/line-lstm-ctc.ts';
import { lineRecognizer } from '../networks/line-recognizer.ts';
import { lineAlphabet } from '../text/line-alphabet.ts';
import { mlp } from '../networks/course/mlp.ts';
import { characterCnn } from '../networks/character-cnn.ts';
import { benchCharacterInference } from './character-inference.ts';
import { benchCharacterTraining } from './character-training.ts';
import { benchLineInference } from './line-inference.ts';
import { benchLineTraining } from './line-training.ts';
import { benchMatrixProduct } from './matrix-product.ts';
import { benchReplicaExchange, benchReplicas } from './replica-training.ts';
import type { BenchmarkOptions, Figures } from './measure.ts';

/** As many as the reference's extended EMNIST has. */
const classes = 80;
/** The configuration of the bundled line-recognizer. */
const reader = { classes: lineAlphabet.size, blocks: 1, dilations: [1, 2, 4, 8, 1, 2, 4, 8] };
const windows = { classes, window: 28, stride: 14 };

/** Everything that `npm run bench` measures: items per second, or figures of its own. */
export const benchmarks: Readonly<Record<string, (options: BenchmarkOptions) => Promise<number | Figures>>> = {
  'mlp-train': (options) => benchCharacterTraining(mlp({ classes }), options),
  'lenet-train': (options) => benchCharacterTraining(lenet({ classes }), options),
  'character-cnn-train': (options) => benchCharacterTraining(characterCnn({ classes: 62 }), options),
  'lenet-infer': (options) => benchCharacterInference(lenet({ classes }), options),
  'character-cnn-infer': (options) => benchCharacterInference(characterCnn({ classes: 62 }), options),
  // Lines of EMNIST, 28×952 pixels, and of 64×1024.
  'line-lstm-ctc-train': (options) => benchLineTraining(lineLstmCtc({ classes }), 952, options),
  'line-lstm-ctc-infer': (options) => benchLineInference(lineLstmCtc({ classes }), 952, options),
  'htrnet-half-train': (options) => benchLineTraining(htrnetHalf({ classes }), 1024, options),
  'htrnet-half-infer': (options) => benchLineInference(htrnetHalf({ classes }), 1024, options),
  'line-recognizer-train': (options) => benchLineTraining(lineRecognizer(reader), 1024, options),
  'line-recognizer-infer': (options) => benchLineInference(lineRecognizer(reader), 1024, options),
  // The same windows, cut out and read one by one, or by convolutions over the whole line.
  'line-cnn-sliding-window-train': (options) => benchLineTraining(lineCnnSlidingWindow(windows), 952, options),
  'line-cnn-sliding-window-infer': (options) =>
    benchLineInference(lineCnnSlidingWindow(windows), 952, options, 'fixed'),
  'line-cnn-sliding-window-any-width-infer': (options) =>
    benchLineInference(lineCnnSlidingWindow(windows), 952, options),
  'line-cnn-all-conv-infer': (options) => benchLineInference(lineCnnAllConv(windows), 952, options),
  'line-cnn-all-conv-train': (options) => benchLineTraining(lineCnnAllConv(windows), 952, options),
  replicas: benchReplicas,
  'replica-exchange': benchReplicaExchange,
  // Products of two 1024×1024 matrices: times 2.147 it is GFLOP/s, the limit that the others are compared with.
  'matrix-product': benchMatrixProduct,
  // The service in a process of its own, with the line recognizer (`serving-memory`: with the reader of characters).
  // Loaded when wanted: the others need no clients and no image library.
  serving: async (options) => await (await import('./serving/load.ts')).benchServing(options),
  'serving-overload': async (options) => await (await import('./serving/load.ts')).benchOverload(options),
  'serving-hostile': async (options) => await (await import('./serving/hostile.ts')).benchHostile(options),
  'serving-memory': async (options) => await (await import('./serving/memory.ts')).benchServingMemory(options),
  // A page of 30 lines, from its JPEG to its text.
  'page-reading': async (options) => await (await import('./page-reading.ts')).benchPageReading(options),
  monitoring: async (options) => await (await import('./monitoring/overhead.ts')).benchMonitoring(options),
  'cold-start': async (options) => await (await import('./serving/cold-start.ts')).benchColdStart(options),
};
