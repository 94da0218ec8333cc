/** A reading with the probability that it is right, in [0, 1]. */
export interface Alternative {
  readonly text: string;
  readonly confidence: number;
}
