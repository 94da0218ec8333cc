import { XMLParser } from 'fast-xml-parser';
import { TextRecognizerError } from '../../errors.ts';

/** Parses XML to objects with attributes and elements as strings, the elements named in `lists` always as arrays. */
export function parseXml(xml: string, lists: readonly string[]): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    htmlEntities: true,
    isArray: (name) => lists.includes(name),
  });
  try {
    return parser.parse(xml, true);
  } catch (error) {
    throw new TextRecognizerError('DATASET_INVALID', `This is not XML: ${(error as Error).message}`, { cause: error });
  }
}
