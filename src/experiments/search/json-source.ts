import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { TextRecognizerError } from '../../errors.ts';

/** Where something stands in JSON: keys and indices from the outside in. */
export type JsonPath = readonly (string | number)[];

/** JSON that knows on which line each of its fields stands. */
export class JsonSource {
  readonly file: string;
  readonly value: unknown;
  readonly #text: string;
  readonly #root: Node;

  /** Throws INVALID_ARGUMENT with the line of the first fault. */
  constructor(text: string, file: string) {
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    this.file = file;
    this.#text = text;
    if (root === undefined || errors.length > 0) {
      const [{ error, offset }] = [...errors, { error: 4, offset: 0 } as ParseError];
      const what = printParseErrorCode(error)
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
        .toLowerCase();
      throw new TextRecognizerError('INVALID_ARGUMENT', `${file}:${this.#lineAt(offset)}: This is not JSON: ${what}.`);
    }
    this.#root = root;
    this.value = getNodeValue(root);
  }

  /** The line, from 1, of the innermost field of `path` that is there: a field that is missing is told where it should be. */
  lineOf(path: JsonPath): number {
    for (let length = path.length; length > 0; length--) {
      const node = this.#nodeAt(path.slice(0, length));
      // A value's parent is its property, which begins with the key.
      if (node) return this.#lineAt((node.parent?.type === 'property' ? node.parent : node).offset);
    }
    return this.#lineAt(this.#root.offset);
  }

  /** Whether there is a field. */
  has(path: JsonPath): boolean {
    return this.#nodeAt(path) !== undefined;
  }

  #nodeAt(path: JsonPath): Node | undefined {
    return findNodeAtLocation(this.#root, [...path]);
  }

  #lineAt(offset: number): number {
    return this.#text.slice(0, offset).split('\n').length;
  }
}

/** A path as people write it, e.g. `experiments[2].network_args`. */
export function formatPath(path: JsonPath): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${key}`)).join('');
}
