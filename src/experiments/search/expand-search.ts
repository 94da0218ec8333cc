import { Random } from '../../random/random.ts';
import type { JsonValue } from '../../training/callback.ts';
import type { Distribution, Search } from './group-schema.ts';
import type { JsonPath } from './json-source.ts';

/** A field of the base experiment that a run has otherwise. */
export interface Change {
  /** With dots, e.g. `training.schedule.learningRate`. */
  readonly field: string;
  readonly value: JsonValue;
  /** Where the value comes from in `search`. */
  readonly from: JsonPath;
}

/** What each run changes, in the order of the file. */
export function expandSearch(search: Search): Change[][] {
  switch (search.kind) {
    case 'list':
      return search.runs.map((run, i) =>
        Object.entries(run).map(([field, value]) => ({ field, value, from: ['runs', i, field] })),
      );
    case 'grid':
      return gridOf(search.fields);
    case 'random':
      return Array.from({ length: search.count }, (_, run) => drawRun(search, run));
  }
}

/** The last field changes fastest. */
function gridOf(fields: Readonly<Record<string, readonly JsonValue[]>>): Change[][] {
  return Object.entries(fields).reduce<Change[][]>(
    (runs, [field, values]) =>
      runs.flatMap((run) => values.map((value, i) => [...run, { field, value, from: ['fields', field, i] }])),
    [[]],
  );
}

/** Each value has a stream of its own: more runs, or one more field at the end, leave the others as they are. */
function drawRun({ seed, fields }: Extract<Search, { kind: 'random' }>, run: number): Change[] {
  return Object.entries(fields).map(([field, distribution], i) => ({
    field,
    value: draw(distribution, Random.of(seed, run, i)),
    from: ['fields', field],
  }));
}

function draw(distribution: Distribution, random: Random): JsonValue {
  switch (distribution.kind) {
    case 'uniform':
      return rounded(random.between(distribution.low, distribution.high), distribution);
    case 'log-uniform':
      return rounded(Math.exp(random.between(Math.log(distribution.low), Math.log(distribution.high))), distribution);
    case 'int':
      return distribution.low + random.below(distribution.high - distribution.low + 1);
    case 'choice':
      return distribution.values[random.below(distribution.values.length)];
  }
}

/** Four digits, so that the name of the run can say the whole value. */
function rounded(value: number, { low, high }: { low: number; high: number }): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(4))));
}
