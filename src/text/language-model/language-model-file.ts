import { TextRecognizerError } from '../../errors.ts';
import { LanguageModel, type NgramTree } from './language-model.ts';
import { quantize } from './quantize.ts';

/**
 * The file of a character language model, little-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 8 | magic `CHARLM` and a two-digit version, `01` |
 * | 32 | SHA-256 of everything after it |
 * | 4, n | length in bytes and UTF-8 text of a JSON header: `order`, `characters`, `levels` (n-grams per level), `about` |
 * | per level | 256 × float32 log-probabilities; 256 × float32 log back-offs (but on the last level) |
 * | per level | a byte per n-gram each for symbol, log-probability, and (but on the last level) children and back-off |
 *
 * N-grams are level by level in lexical order, so that the numbers of children say where each one's children are.
 */
const magic = 'CHARLM01';
const hashOffset = 8;
const headerOffset = 40;
const tableBytes = 256 * 4;

interface Header {
  readonly order: number;
  readonly characters: string;
  readonly levels: readonly number[];
  /** Where the text came from, and its terms. */
  readonly about: string;
}

/** Bytes that an n-gram takes in the file. */
export function bytesPerNgram(level: number, order: number): number {
  return level === order - 1 ? 2 : 4;
}

/** Writes a model; probabilities and back-offs are quantised to 8 bits. */
export async function encodeLanguageModel(tree: NgramTree, about: string): Promise<Uint8Array> {
  const levels = levelSizes(tree);
  const header: Header = { order: tree.order, characters: tree.characters.join(''), levels, about };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const parts: Uint8Array[] = [new Uint8Array(Uint32Array.of(json.length).buffer), json];
  let first = 1;
  levels.forEach((count, level) => {
    parts.push(...encodeLevel(tree, first, count, level === tree.order - 1));
    first += count;
  });
  const body = concatenate(parts);
  return concatenate([new TextEncoder().encode(magic), await sha256(body), body]);
}

/** Reads a model, checking magic, hash and lengths; throws `FILE_CORRUPT` or `CHECKSUM_MISMATCH`. */
export async function decodeLanguageModel(file: Uint8Array, source = 'The language model'): Promise<LanguageModel> {
  // A Buffer's slice() shares memory at any offset; that of a plain array copies, which float tables need.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const found = new TextDecoder().decode(bytes.subarray(0, hashOffset));
  if (found !== magic) {
    throw new TextRecognizerError(
      'FILE_CORRUPT',
      `${source} should start with ${magic}, not ${JSON.stringify(found)}; train one again, or update this program.`,
    );
  }
  const body = bytes.subarray(headerOffset);
  const expected = bytes.subarray(hashOffset, headerOffset);
  // Browsers offer hashing to pages of https and localhost only; elsewhere the lengths alone are checked.
  const canHash = globalThis.crypto?.subtle !== undefined;
  if (canHash && !(await sha256(body)).every((byte, i) => byte === expected[i])) {
    throw new TextRecognizerError(
      'CHECKSUM_MISMATCH',
      `${source}, ${bytes.length} bytes, does not match its SHA-256; fetch or train it again.`,
    );
  }
  return new LanguageModel(decodeTree(body));
}

function encodeLevel(tree: NgramTree, first: number, count: number, last: boolean): Uint8Array[] {
  const end = first + count;
  const probabilities = quantize(tree.logProbabilities.subarray(first, end));
  const tables = [asBytes(probabilities.table)];
  const columns = [tree.symbols.slice(first, end), probabilities.codes];
  if (!last) {
    const backoffs = quantize(tree.logBackoffs.subarray(first, end));
    tables.push(asBytes(backoffs.table));
    const children = Uint8Array.from({ length: count }, (_, i) => {
      return tree.firstChild[first + i + 1] - tree.firstChild[first + i];
    });
    columns.push(children, backoffs.codes);
  }
  return [...tables, ...columns];
}

function decodeTree(body: Uint8Array): NgramTree {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const headerEnd = 4 + view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(body.subarray(4, headerEnd))) as Header;
  requireLength(body, headerEnd, header);
  const nodes = 1 + header.levels.reduce((sum, count) => sum + count, 0);
  const tree = {
    characters: [...header.characters],
    order: header.order,
    symbols: new Uint8Array(nodes),
    logProbabilities: new Float32Array(nodes),
    logBackoffs: new Float32Array(nodes),
    firstChild: new Uint32Array(nodes + 1),
  };
  let offset = headerEnd;
  let first = 1;
  tree.firstChild[0] = 1;
  header.levels.forEach((count, level) => {
    offset = decodeLevel(body.subarray(offset), tree, first, count, level === header.order - 1) + offset;
    first += count;
  });
  return tree;
}

function requireLength(body: Uint8Array, headerEnd: number, { order, levels }: Header): void {
  const tables = (2 * order - 1) * tableBytes;
  const expected = levels.reduce((sum, count, level) => sum + count * bytesPerNgram(level, order), headerEnd + tables);
  if (levels.length === order && body.length === expected) return;
  throw new TextRecognizerError(
    'FILE_CORRUPT',
    `A language model with ${levels.join(' + ')} n-grams has ${expected} bytes after its hash, not ${body.length}; ` +
      'fetch it again.',
  );
}

/** Fills the nodes of one level from the start of `bytes`, and returns how many bytes that took. */
function decodeLevel(bytes: Uint8Array, tree: NgramTree, first: number, count: number, last: boolean): number {
  const columnsStart = last ? tableBytes : 2 * tableBytes;
  const column = (index: number) => bytes.subarray(columnsStart + index * count, columnsStart + (index + 1) * count);
  const probabilityTable = floatsOf(bytes, 0);
  const backoffTable = floatsOf(bytes, last ? 0 : tableBytes);
  const [symbols, probabilities, children, backoffs] = [column(0), column(1), column(2), column(3)];
  let child = first + count;
  tree.symbols.set(symbols, first);
  for (let i = 0; i < count; i++) {
    tree.logProbabilities[first + i] = probabilityTable[probabilities[i]];
    tree.firstChild[first + i] = child;
    if (last) continue;
    child += children[i];
    if (children[i] > 0) tree.logBackoffs[first + i] = backoffTable[backoffs[i]];
  }
  tree.firstChild[first + count] = child;
  return columnsStart + (last ? 2 : 4) * count;
}

/** N-grams on each level, found by following the children of whole levels. */
function levelSizes(tree: NgramTree): number[] {
  const sizes: number[] = [];
  for (let [from, to] = [1, tree.firstChild[1]]; sizes.length < tree.order;) {
    sizes.push(to - from);
    [from, to] = [to, tree.firstChild[to]];
  }
  return sizes;
}

function floatsOf(bytes: Uint8Array, offset: number): Float32Array {
  return new Float32Array(bytes.slice(offset, offset + tableBytes).buffer);
}

function asBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
}
