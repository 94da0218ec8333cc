import type { JsonValue } from '../../training/callback.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { Recipe } from '../recipe.ts';
import type { Halving } from './group-schema.ts';

/** Experiments that belong together. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly runs: readonly GroupMember[];
  /** Left out where every run is trained to its end. */
  readonly halving?: Halving;
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
}
