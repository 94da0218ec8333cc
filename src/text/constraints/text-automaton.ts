import type { CtcConstraint } from '../ctc-prefix-beam.ts';

/** A state of an automaton that is being built: where each label leads, and whether a text may end here. */
export interface DraftState {
  readonly next: Map<number, number>;
  isFinal: boolean;
}

/** No text of the set can be completed from such a state. */
const never = 0xffff_ffff;

/**
 * A set of texts as a deterministic automaton over the classes of a CTC network, in flat arrays: state s has the edges from
 * `firstEdge[s]` to `firstEdge[s + 1]`, in order of their labels. Edges into dead ends are left out.
 */
export class TextAutomaton implements CtcConstraint {
  readonly start = 0;
  /** Whether there is any text in the set. */
  readonly isEmpty: boolean;
  private readonly firstEdge: Uint32Array;
  private readonly labels: Uint16Array;
  private readonly targets: Uint32Array;
  private readonly fewest: Uint32Array;

  /** Takes states of which the first is the start. */
  constructor(states: readonly DraftState[]) {
    this.fewest = fewestCharacters(states);
    this.isEmpty = this.fewest[0] === never;
    const edges = states.map(({ next }) =>
      [...next].filter(([, target]) => this.fewest[target] !== never).sort(([a], [b]) => a - b),
    );
    this.firstEdge = new Uint32Array(states.length + 1);
    edges.forEach((out, state) => (this.firstEdge[state + 1] = this.firstEdge[state] + out.length));
    this.labels = Uint16Array.from(edges.flatMap((out) => out.map(([label]) => label)));
    this.targets = Uint32Array.from(edges.flatMap((out) => out.map(([, target]) => target)));
  }

  advance(state: number, label: number): number {
    let low = this.firstEdge[state];
    let high = this.firstEdge[state + 1] - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.labels[middle];
      if (found === label) return this.targets[middle];
      if (found < label) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  missing(state: number): number {
    return this.fewest[state];
  }
}

/** The least number of characters from each state to the end of a text, by breadth-first search from the final states. */
function fewestCharacters(states: readonly DraftState[]): Uint32Array {
  const fewest = new Uint32Array(states.length).fill(never);
  const sources = states.map((): number[] => []);
  states.forEach(({ next }, state) => next.forEach((target) => sources[target].push(state)));
  let reached = [...states.keys()].filter((state) => states[state].isFinal);
  for (let distance = 0; reached.length > 0; distance++) {
    const fresh = new Set(reached.filter((state) => fewest[state] === never));
    fresh.forEach((state) => (fewest[state] = distance));
    reached = [...fresh].flatMap((state) => sources[state]);
  }
  return fewest;
}
