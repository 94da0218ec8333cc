/** A reading with the probability that it is right, in [0, 1]. */
export interface Alternative {
  readonly text: string;
  readonly confidence: number;
}

/** What was read in an image. */
export interface Recognition extends Alternative {
  /** The next most probable readings, best first. */
  readonly alternatives: readonly Alternative[];
}
