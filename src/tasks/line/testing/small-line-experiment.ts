import type { z } from 'zod';
import type { lineExperimentSchema } from '../line-experiment.ts';

type LineExperimentFile = z.input<typeof lineExperimentSchema>;

/** The file of an experiment with a line network that trains in seconds; `training` changes how. */
export function smallLineExperiment(
  data: LineExperimentFile['data'],
  training: Partial<LineExperimentFile['training']> = {},
): LineExperimentFile {
  return {
    kind: 'line',
    name: 'small',
    network: { name: 'line-recognizer', config: { channels: [16, 16, 16], sequence: 16, dilations: [1] } },
    data,
    training: {
      epochs: 2,
      stepsPerEpoch: 3,
      batch: { maxLines: 4, maxColumns: 2048, widthStep: 64, maxWidth: 512 },
      optimizer: { kind: 'adamw' },
      schedule: { kind: 'constant', learningRate: 0.001 },
      ...training,
    },
  };
}
