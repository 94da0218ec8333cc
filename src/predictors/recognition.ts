import type { Alternative } from '../text/alternative.ts';

/** What was read in an image. */
export interface Recognition extends Alternative {
  /** The next most probable readings, best first. */
  readonly alternatives: readonly Alternative[];
}
