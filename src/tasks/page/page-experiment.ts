import { z } from 'zod';
import { experimentSchema } from '../experiment-schema.ts';

const data = {
  /** Folders of pages, relative to the data root: `NAME.jpg` with `NAME.json`. */
  pages: z.array(z.string()).min(1),
  /** Of every so many pages, in the order of their names, the one after the `first` is kept aside to choose and calibrate by. */
  held: z.strictObject({ every: z.int().min(2), first: z.int().min(0) }).default({ every: 14, first: 5 }),
  /** Pictures are learned from with no side longer than this many pixels. */
  maxSide: z.int().min(64).default(1280),
  /** Characters that sheets are set from beside the pages' own words: a data set, or idx files in `emnist` of the data root. */
  characters: z.string().optional(),
};

const training = {
  stepsPerEpoch: z.int().positive(),
  batchSize: z.int().positive(),
  /** The side in pixels of the views of pages that the network learns from. */
  size: z.int().multipleOf(32).min(64),
  /** Share of the views that show a sheet set by program. */
  sheets: z.number().min(0).max(1).default(0.4),
};

/** An experiment with a network that finds lines: what `train` takes as a file. */
export const pageExperimentSchema = experimentSchema('page', data, training);

export type PageExperiment = z.output<typeof pageExperimentSchema>;
