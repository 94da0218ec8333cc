import { Random } from '../../random/random.ts';
import type { Population } from '../search/group.ts';

/** A run after a round; `score` is the metric, the larger the better, undefined where it is not finite. */
export interface PopulationMember {
  readonly name: string;
  readonly score: number | undefined;
  /** Its values of the fields that are searched. */
  readonly settings: Readonly<Record<string, number>>;
}

/** A run that goes on from the state of another one, with other settings. */
export interface PopulationCopy {
  readonly run: string;
  readonly from: string;
  readonly settings: Readonly<Record<string, number>>;
}

/** By what a setting is multiplied (Jaderberg et al. 2017, section 4). */
const FACTORS = [0.8, 1.2] as const;

/**
 * Truncation selection of population-based training (Jaderberg et al. 2017, https://arxiv.org/abs/1711.09846): each of the worst runs
 * goes on from one of as many best runs, with that run's settings times 0.8 or 1.2. The same for the same seed, round and scores.
 */
export function planCopies(
  { share, seed, fields }: Population,
  round: number,
  members: readonly PopulationMember[],
): PopulationCopy[] {
  const ranked = members.toSorted((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || 0);
  const count = Math.min(Math.floor(members.length / 2), Math.max(1, Math.floor(members.length * share)));
  const best = ranked.slice(0, count).filter(({ score }) => score !== undefined);
  if (best.length === 0) return [];
  return ranked.slice(ranked.length - count).map((loser) => {
    const random = Random.of(seed, round, members.indexOf(loser));
    const from = best[random.below(best.length)];
    const settings = Object.entries(fields).map(([field, { low, high }]) => {
      const value = Number((from.settings[field] * FACTORS[random.below(2)]).toPrecision(4));
      return [field, Math.min(high, Math.max(low, value))] as const;
    });
    return { run: loser.name, from: from.name, settings: Object.fromEntries(settings) };
  });
}
