import { TextRecognizerError } from '../../errors.ts';
import type { RunSummary, Setting } from './run-summary.ts';
import { runValue } from './run-value.ts';

/** Longer ones first, so that `<=` is not read as `<`. */
const operators = ['<=', '>=', '!=', '=', '<', '>', '~'] as const;
type Operator = (typeof operators)[number];

/** What runs must fulfil: a field of `runValue`, compared with a value. */
export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

export interface Selection {
  readonly where?: readonly Condition[];
  /** A field of `runValue`; default the time at which runs began. */
  readonly sort?: string;
  readonly descending?: boolean;
}

/** Reads `valCer<0.1`, `network=lenet`, `run~sweep` (contains); throws INVALID_ARGUMENT. */
export function parseCondition(text: string): Condition {
  const match = /^\s*([^<>=!~]+?)\s*(<=|>=|!=|=|<|>|~)\s*(.*?)\s*$/.exec(text);
  if (!match) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `'${text}' is not a condition: write a field, one of ${operators.join(' ')} and a value, as in valCer<0.1.`,
    );
  }
  return { field: match[1], operator: match[2] as Operator, value: match[3] };
}

/** The runs that fulfil all conditions, sorted; those without the field that is sorted by come last either way. */
export function selectRuns(runs: readonly RunSummary[], { where = [], ...order }: Selection): RunSummary[] {
  const field = order.sort ?? 'started';
  const sign = (order.descending ?? order.sort === undefined) ? -1 : 1;
  return runs
    .filter((run) => where.every((condition) => fulfils(run, condition)))
    .map((run) => ({ run, value: runValue(run, field) ?? undefined }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined)
        return Number(a.value === undefined) - Number(b.value === undefined);
      return sign * compareValues(a.value, b.value);
    })
    .map(({ run }) => run);
}

/** Numbers by size, all else as text. */
function compareValues(a: Setting, b: Setting): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : Number(left > right);
}

/** A run without the field fulfils `!=` only. */
function fulfils(run: RunSummary, { field, operator, value: wanted }: Condition): boolean {
  const value = runValue(run, field);
  if (value === undefined) return operator === '!=';
  if (operator === '~') return String(value).toLowerCase().includes(wanted.toLowerCase());
  const order = compareValues(value, typeof value === 'number' ? Number(wanted) : wanted);
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
