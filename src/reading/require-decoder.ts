import { TextRecognizerError } from '../errors.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { Reader } from './reader.ts';

/** The decoder that was asked for, or the reader's first; throws UNSUPPORTED_DECODER where it has no such. */
export function requireDecoder(
  wanted: LineDecoder | undefined,
  { manifest, decoders }: Pick<Reader, 'manifest' | 'decoders'>,
): LineDecoder {
  const decoder = wanted ?? decoders[0];
  if (decoders.includes(decoder)) return decoder;
  throw new TextRecognizerError(
    'UNSUPPORTED_DECODER',
    `The model '${manifest.name}' does not decode with '${decoder}' here; ask for ${decoders.join(' or ')}.`,
  );
}
