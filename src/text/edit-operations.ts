/** One step of an alignment; `kind` says what turns the reference into the hypothesis. */
export interface EditOperation<T> {
  readonly kind: 'match' | 'substitution' | 'insertion' | 'deletion';
  /** The item of the reference; undefined for an insertion. */
  readonly reference?: T;
  /** The item of the hypothesis; undefined for a deletion. */
  readonly hypothesis?: T;
}

/**
 * A shortest list of operations that turns the reference into the hypothesis (Wagner and Fischer 1974). Among equally
 * short ones, matches and substitutions come as late as possible; O(n·m) time and memory.
 */
export function editOperations<T>(reference: readonly T[], hypothesis: readonly T[]): EditOperation<T>[] {
  const costs = costTable(reference, hypothesis);
  const width = hypothesis.length + 1;
  const operations: EditOperation<T>[] = [];
  let [i, j] = [reference.length, hypothesis.length];
  while (i > 0 || j > 0) {
    const cost = costs[i * width + j];
    const same = i > 0 && j > 0 && reference[i - 1] === hypothesis[j - 1];
    if (i > 0 && j > 0 && cost === costs[(i - 1) * width + j - 1] + (same ? 0 : 1)) {
      i--;
      j--;
      const kind = same ? 'match' : 'substitution';
      operations.push({ kind, reference: reference[i], hypothesis: hypothesis[j] });
    } else if (i > 0 && cost === costs[(i - 1) * width + j] + 1) {
      i--;
      operations.push({ kind: 'deletion', reference: reference[i] });
    } else {
      j--;
      operations.push({ kind: 'insertion', hypothesis: hypothesis[j] });
    }
  }
  return operations.reverse();
}

/** Whether the operation counts as an error. */
export function isEdit(operation: EditOperation<unknown>): boolean {
  return operation.kind !== 'match';
}

/** `[reference + 1, hypothesis + 1]`: the distance between every pair of prefixes. */
function costTable(reference: readonly unknown[], hypothesis: readonly unknown[]): Uint32Array {
  const width = hypothesis.length + 1;
  const costs = new Uint32Array((reference.length + 1) * width);
  for (let j = 0; j < width; j++) costs[j] = j;
  for (let i = 1; i <= reference.length; i++) {
    const row = i * width;
    costs[row] = i;
    for (let j = 1; j < width; j++) {
      const diagonal = costs[row - width + j - 1] + (reference[i - 1] === hypothesis[j - 1] ? 0 : 1);
      costs[row + j] = Math.min(diagonal, costs[row - width + j] + 1, costs[row + j - 1] + 1);
    }
  }
  return costs;
}
