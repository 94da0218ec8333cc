import type { Grade, GradedCheck } from './grade-submission.ts';

/** `results.json`, as Gradescope reads it (https://gradescope-autograders.readthedocs.io/en/latest/specs/). */
export interface GradescopeResults {
  readonly score: number;
  /** Seconds. */
  readonly execution_time: number;
  readonly output: string;
  readonly visibility: string;
  readonly tests: readonly {
    readonly name: string;
    readonly number: string;
    readonly score: number;
    readonly max_score: number;
    readonly status: 'passed' | 'failed';
    readonly output: string;
    readonly visibility: string;
  }[];
  readonly leaderboard: readonly LeaderboardEntry[];
}

export interface LeaderboardEntry {
  readonly name: string;
  readonly value: number;
  readonly order: 'asc' | 'desc';
}

/** A grade in Gradescope's form. */
export function gradescopeResults({ lab, checks, seconds }: Grade): GradescopeResults {
  const tests = checks.map(({ check, share, output }, i) => ({
    name: check.name,
    number: `${lab.lab}.${i + 1}`,
    score: round(share * check.points),
    max_score: check.points,
    status: share === 1 ? ('passed' as const) : ('failed' as const),
    output,
    visibility: check.visibility,
  }));
  return {
    score: round(tests.reduce((sum, { score }) => sum + score, 0)),
    execution_time: Math.round(seconds),
    output: lab.title,
    visibility: 'visible',
    tests,
    leaderboard: checks.flatMap(leaderboardEntry),
  };
}

/** A figure that was measured, the better first: less is better where all points are given for less. */
function leaderboardEntry({ check, figure }: GradedCheck): LeaderboardEntry[] {
  if (check.kind !== 'figure' || check.leaderboard === undefined || figure === undefined) return [];
  return [
    { name: check.leaderboard, value: Number(figure.toPrecision(6)), order: check.all < check.none ? 'asc' : 'desc' },
  ];
}

const round = (score: number): number => Math.round(100 * score) / 100;
