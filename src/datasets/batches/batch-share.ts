/** One of `count` parts of every batch, from 0: what one of several replicas learns from. */
export interface BatchShare {
  readonly index: number;
  readonly count: number;
}

/** The items of a batch that are in a share: parts are as equal as can be, and in the order of the batch. */
export function itemsOfShare(items: number, { index, count }: BatchShare = whole): { first: number; items: number } {
  const first = Math.floor((items * index) / count);
  return { first, items: Math.floor((items * (index + 1)) / count) - first };
}

const whole: BatchShare = { index: 0, count: 1 };
