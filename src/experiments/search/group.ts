import type { JsonValue } from '../../training/callback.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { Recipe } from '../recipe.ts';
import type { Halving, PopulationSettings } from './group-schema.ts';
import type { Settings } from './name-runs.ts';

/** Experiments that belong together. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly runs: readonly GroupMember[];
  /** Left out where every run is trained to its end, as is `population`. */
  readonly halving?: Halving;
  readonly population?: Population;
  /** What runs are compared by. */
  readonly monitor: Monitor;
}

/** One run of a group. */
export interface GroupMember {
  /** Unique in its group; the name of its folder. */
  readonly name: string;
  /** The experiment as a file for `train`. */
  readonly experiment: JsonValue;
  readonly recipe: Recipe;
  /** The fields that its group searches, as this run has them. */
  readonly settings: Settings;
}

/** Population-based training. */
export interface Population extends PopulationSettings {
  /** What is changed from time to time: fields of the experiment, and the range of each. */
  readonly fields: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
}
