import { XMLParser } from 'fast-xml-parser';
import { TextRecognizerError } from '../../errors.ts';

/** An element of an XML file; names are without their namespace prefixes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** In the order of the file. */
  readonly children: readonly XmlElement[];
  /** The text directly within it, entities resolved. */
  readonly text: string;
  /** Where it begins in the text of the file, in characters. */
  readonly at: number;
  /** The line of the file where it begins, from 1. */
  readonly line: number;
}

/** No page of writing needs more; parsing takes some 30 bytes of memory and 2 µs for each character. */
const MAX_CHARACTERS = 16 * 2 ** 20;

const position = XMLParser.getMetaDataSymbol() as unknown as symbol;

/** What the parser makes of one node in the order of the file: `{ NAME: [nodes], ':@': attributes }` or `{ '#text': text }`. */
type XmlNode = Readonly<Record<string, unknown>> & { readonly [key: symbol]: { readonly startIndex?: number } };

/**
 * Parses XML to its root element. Entities that a file defines are resolved within the parser's limits only, so that small files stay
 * small. Throws DATASET_INVALID, with the line of the file, for what is not well-formed, nested deeper than 100 elements or longer than
 * 16 million characters.
 */
export function parseXmlTree(xml: string): XmlElement {
  if (xml.length > MAX_CHARACTERS) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `The XML has ${xml.length} characters, more than the ${MAX_CHARACTERS} allowed. Save each page in a separate file.`,
    );
  }
  const lines = lineStarts(xml);
  const root = parse(xml).find((node) => !('?xml' in node) && nameOf(node) !== undefined);
  if (root === undefined) throw new TextRecognizerError('DATASET_INVALID', 'This is not XML: it has no element.');
  return toElement(root, 0, lines);
}

/** The children of that name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

function parse(xml: string): readonly XmlNode[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    removeNSPrefix: true,
    htmlEntities: true,
    captureMetaData: true,
    trimValues: false,
    ignorePiTags: true,
    maxNestedTags: 100,
  });
  try {
    return parser.parse(xml, true) as readonly XmlNode[];
  } catch (error) {
    // The parser ends its messages with ":LINE:COLUMN".
    const message = (error as Error).message.replace(/:(\d+):(?:\d+|undefined)$/u, ' (line $1)');
    throw new TextRecognizerError('DATASET_INVALID', `This is not XML that can be read: ${message}`, { cause: error });
  }
}

function nameOf(node: XmlNode): string | undefined {
  return Object.keys(node).find((key) => key !== ':@' && key !== '#text');
}

/** `before` is where the parent begins: the place of an element for which the parser has none. */
function toElement(node: XmlNode, before: number, lines: readonly number[]): XmlElement {
  const name = nameOf(node)!;
  const inside = node[name] as readonly XmlNode[];
  const at = node[position]?.startIndex ?? before;
  const texts = inside.flatMap((child) => ('#text' in child ? [String(child['#text'])] : []));
  const elements = inside.filter((child) => nameOf(child) !== undefined);
  return {
    name,
    attributes: (node[':@'] ?? {}) as Readonly<Record<string, string>>,
    children: elements.map((child) => toElement(child, at, lines)),
    text: texts.join(''),
    at,
    line: lineAt(lines, at),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/** The last line that begins at or before `at`, from 1. */
function lineAt(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= at) low = middle;
    else high = middle;
  }
  return low + 1;
}
