import { add, equal, exp, log, subtract, where } from './elementwise.ts';
import { scan } from './scan.ts';
import { cast } from './cast.ts';
import { concat } from './concat.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { transpose } from './transpose.ts';
import { constant, operation, type Value } from './value.ts';

/** ln 0 for sums in the log domain: finite, so that differences of two stay numbers, and far below every path. */
export const logZero = -1e30;

/**
 * The states that an alignment of a label passes through (Graves et al. 2006): its symbols with a blank before, between
 * and after, `states = 2 · maxLabel + 1` for all of the batch. A shorter label ends before its last state.
 */
export interface CtcLattice {
  /** `[batch, classes, states]`: 1 where the state stands for the class. */
  readonly symbols: Value;
  /** `[states, batch]`: 0 where a path may come from two states before, past a blank, otherwise `logZero`. */
  readonly skips: Value;
  /** `[states, batch]`: 0 for the blank after the label, otherwise `logZero`. */
  readonly lastBlank: Value;
  /** `[states, batch]`: 0 for the two states that a path may end in, otherwise `logZero`. */
  readonly ends: Value;
}

/** The lattice for labels `[batch, maxLabel]` and their lengths `[batch]`, both int32. */
export function ctcLattice(labels: Value, labelLengths: Value, classes: number, blank: number): CtcLattice {
  const [batch, maxLabel] = labels.shape as number[];
  const states = 2 * maxLabel + 1;
  const classOfState = withBlanks(labels, blank);
  const symbols = equal(reshape(classOfState, [batch, 1, states]), ascending(classes, [1, classes, 1]));
  const repeats = equal(
    slice(classOfState, [{ axis: 1, start: 2 }]),
    slice(classOfState, [{ axis: 1, start: 0, end: states - 2 }]),
  );
  const skips = pad(where(repeats, logZero, 0), [{ axis: 1, before: 2, after: 0 }], logZero);
  const last = reshape(add(labelLengths, labelLengths), [1, batch]);
  const at = (state: Value) => where(equal(ascending(states, [states, 1]), state), 0, logZero);
  const lastBlank = at(last);
  const lastSymbol = at(subtract(last, constant(Int32Array.of(1), [])));
  return {
    symbols: cast(symbols, 'float32'),
    skips: transpose(skips, [1, 0]),
    lastBlank,
    ends: operation('Max', [lastBlank, lastSymbol], { type: 'float32', shape: lastBlank.shape }),
  };
}

/** `[batch, maxLabel]` → `[batch, states]`: blank, first symbol, blank, second symbol, …, blank. */
function withBlanks(labels: Value, blank: number): Value {
  const [batch, maxLabel] = labels.shape as number[];
  const blanks = constant(new Int32Array(batch * maxLabel).fill(blank), [batch, maxLabel, 1]);
  const pairs = reshape(concat([blanks, reshape(labels, [batch, maxLabel, 1])], 2), [batch, 2 * maxLabel]);
  return concat([pairs, constant(new Int32Array(batch).fill(blank), [batch, 1])], 1);
}

/** 0, 1, …, count − 1, int32. */
export function ascending(count: number, shape: readonly number[]): Value {
  return constant(
    Int32Array.from({ length: count }, (_, i) => i),
    shape,
  );
}

/** What the paths up to (or from) every state and time weigh together, in the log domain. */
export interface CtcPaths {
  /** `[time, states, batch]`, without the emission of that time. */
  readonly weights: Value;
  /** `[states, batch]`: after the last step, with all emissions. */
  readonly total: Value;
}

/** All beginnings of paths: Graves' α without the factor of its own time. Emissions are `[time, states, batch]`. */
export function forwardPaths({ skips }: CtcLattice, emissions: Value): CtcPaths {
  const [, states, batch] = emissions.shape as number[];
  const start = Float32Array.from({ length: states * batch }, (_, i) => (i < batch ? 0 : logZero));
  return paths(emissions, constant(start, [states, batch]), skips, 'forward');
}

/** All ends of paths: Graves' β without the factor of its own time. */
export function backwardPaths({ skips, lastBlank }: CtcLattice, emissions: Value): CtcPaths {
  const skipsFrom = pad(slice(skips, [{ axis: 0, start: 2 }]), [{ axis: 0, before: 0, after: 2 }], logZero);
  return paths(emissions, lastBlank, skipsFrom, 'backward');
}

/** The recurrence, with two states of no weight beyond the border that paths come from. */
function paths(emissions: Value, start: Value, skips: Value, direction: 'forward' | 'backward'): CtcPaths {
  const states = start.shape[0] as number;
  const isForward = direction === 'forward';
  const margin = { axis: 0, before: isForward ? 2 : 0, after: isForward ? 0 : 2 };
  const shifted = (weights: Value, by: number) => {
    const first = isForward ? 2 - by : by;
    return slice(weights, [{ axis: 0, start: first, end: first + states }]);
  };
  const { states: last, outputs } = scan(
    [pad(start, [margin], logZero)],
    [emissions],
    ([weights], [emission]) => {
      const sum = logSumExpOfThree(shifted(weights, 0), shifted(weights, 1), add(shifted(weights, 2), skips));
      return { states: [pad(add(sum, emission), [margin], logZero)], outputs: [sum] };
    },
    { reverse: !isForward },
  );
  return { weights: outputs[0], total: shifted(last[0], 0) };
}

/** ln (e^a + e^b + e^c), in as few operators as there are: most of the time goes into starting them. */
function logSumExpOfThree(a: Value, b: Value, c: Value): Value {
  const { type, shape } = a;
  const largest = operation('Max', [a, b, c], { type, shape });
  const terms = [a, b, c].map((value) => exp(subtract(value, largest)));
  return add(log(operation('Sum', terms, { type, shape })), largest);
}
