import type { Random } from '../../random/random.ts';

/**
 * A smooth function of place that wanders between −1 and 1 over about `period`: cosine interpolation of random values (value noise).
 * Places must be asked for in ascending order.
 */
export function wander(period: number, random: Random): (place: number) => number {
  let knot = 0;
  let from = random.between(-1, 1);
  let to = random.between(-1, 1);
  return (place) => {
    const at = place / period;
    while (at >= knot + 1) {
      knot++;
      from = to;
      to = random.between(-1, 1);
    }
    return from + ((to - from) * (1 - Math.cos(Math.PI * (at - knot)))) / 2;
  };
}
