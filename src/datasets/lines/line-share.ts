/** A set of lines, and the share of its pages that is kept aside. */
export interface LineShare {
  readonly lines: string;
  /** In [0, 1); 0 where all of it is meant. */
  readonly validationShare: number;
}

/** Reads `SET@0.05`, as options name the share of a set that a training with this `validationShare` keeps aside, or `SET`. */
export function parseLineShare(name: string): LineShare {
  const [, lines, share] = /^(.*?)(?:@(0?\.\d+))?$/.exec(name)!;
  return { lines, validationShare: Number(share ?? 0) };
}
