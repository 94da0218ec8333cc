import { TextRecognizerError } from '../errors.ts';

/** The text of a file as its byte-order mark says, without the mark: UTF-8 (also without a mark) or UTF-16. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOfMark(bytes) ?? 'utf-8').decode(bytes);
}

/**
 * The text of an XML file, in the encoding of its byte-order mark or of its declaration, otherwise UTF-8 (XML 1.0, appendix F). Throws
 * DATASET_INVALID for an encoding that is unknown, and for bytes that are not in it.
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = encodingOfMark(bytes) ?? encodingWithoutMark(bytes) ?? declaredEncoding(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const problem =
      cause instanceof RangeError ? `the encoding ${encoding} is not known here` : `its bytes are not ${encoding}`;
    throw new TextRecognizerError('DATASET_INVALID', `This XML cannot be read: ${problem}. Save it as UTF-8.`, {
      cause,
    });
  }
}

function encodingOfMark([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

/** UTF-16 shows in the zero beside the first `<`. */
function encodingWithoutMark([a, b]: Uint8Array): string | undefined {
  if (a === 0x3c && b === 0) return 'utf-16le';
  return a === 0 && b === 0x3c ? 'utf-16be' : undefined;
}

/** What is in `<?xml … encoding="…"?>`. A file that can be read as bytes up to there is not in UTF-16, whatever it says. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1];
  return declared !== undefined && /^utf-16/i.test(declared) ? 'utf-8' : declared;
}
