import { stat } from 'node:fs/promises';
import { TextRecognizerError } from '../../../errors.ts';
import { decodeXml } from '../../../files/decode-text.ts';
import { readFileOrExplain } from '../read-file-or-explain.ts';
import { parseXmlTree } from '../xml-tree.ts';
import { parseAlto } from './parse-alto.ts';
import { parsePageXml } from './parse-page-xml.ts';
import type { TranscribedPage } from './transcribed-page.ts';

/** Most bytes of an XML file; it may be UTF-16. */
const MAX_BYTES = 32 * 2 ** 20;

/** Roots of files that lie beside pages and describe none. */
const otherRoots: ReadonlySet<string> = new Set(['mets', 'TrpDocMetadata', 'trpDocMetadata']);

/**
 * Reads a file of PAGE XML or ALTO; undefined for METS and what else lists pages but describes none. Throws FILE_NOT_FOUND, or
 * DATASET_INVALID with the line of the file.
 */
export async function readPageXml(path: string): Promise<TranscribedPage | undefined> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > MAX_BYTES) {
    const message = `The XML has ${size} bytes, more than the ${MAX_BYTES} allowed. Save each page in a separate file.`;
    throw new TextRecognizerError('DATASET_INVALID', message);
  }
  const root = parseXmlTree(decodeXml(await readFileOrExplain(path)));
  if (root.name === 'PcGts') return parsePageXml(root);
  if (root.name === 'alto') return parseAlto(root);
  if (otherRoots.has(root.name)) return undefined;
  throw new TextRecognizerError('DATASET_INVALID', `This is neither PAGE XML nor ALTO: its root is ${root.name}.`);
}
