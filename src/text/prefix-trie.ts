/** Prefixes of labels as a tree of integers: node 0 is the empty prefix; every other node is its parent plus a label. */
export class PrefixTrie {
  parent: Int32Array;
  label: Uint16Array;
  /** State and accumulated weighted score of the language model after the prefix. */
  languageState: Int32Array;
  languageScore: Float64Array;
  /** State of the constraint after the prefix. */
  constraintState: Int32Array;
  private firstChild: Int32Array;
  private nextSibling: Int32Array;
  private count = 1;

  /** An empty prefix, with room for `capacity` nodes at first. */
  constructor(capacity: number, languageState: number, constraintState: number) {
    this.parent = new Int32Array(capacity).fill(-1);
    this.label = new Uint16Array(capacity);
    this.languageState = new Int32Array(capacity);
    this.languageScore = new Float64Array(capacity);
    this.firstChild = new Int32Array(capacity).fill(-1);
    this.nextSibling = new Int32Array(capacity).fill(-1);
    this.constraintState = new Int32Array(capacity);
    this.languageState[0] = languageState;
    this.constraintState[0] = constraintState;
  }

  /** The node of `parent` plus `label`, or −1. */
  find(parent: number, label: number): number {
    let child = this.firstChild[parent];
    while (child >= 0 && this.label[child] !== label) child = this.nextSibling[child];
    return child;
  }

  /** Adds a node that `find` did not find; the caller keeps within the capacity. */
  add(parent: number, label: number, languageState: number, languageScore: number, constraintState: number): number {
    const node = this.count++;
    this.parent[node] = parent;
    this.label[node] = label;
    this.languageState[node] = languageState;
    this.languageScore[node] = languageScore;
    this.constraintState[node] = constraintState;
    this.nextSibling[node] = this.firstChild[parent];
    this.firstChild[parent] = node;
    return node;
  }

  /** The labels from the empty prefix to `node`. */
  labels(node: number): Uint16Array {
    const labels: number[] = [];
    for (let n = node; n > 0; n = this.parent[n]) labels.push(this.label[n]);
    return Uint16Array.from(labels.reverse());
  }
}
