import { TextRecognizerError } from '../errors.ts';
import { formatBytes, imageLimits } from '../images/image-limits.ts';

/** Reads an image from standard input to its end; throws IMAGE_TOO_LARGE once it has more bytes than an image may have. */
export async function readStandardInput(input: AsyncIterable<Uint8Array> = process.stdin): Promise<Uint8Array> {
  const { maxBytes } = imageLimits();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of input) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxBytes) {
      throw new TextRecognizerError(
        'IMAGE_TOO_LARGE',
        `Standard input has more than the ${formatBytes(maxBytes)} that an image may have. Save it smaller.`,
      );
    }
  }
  return Buffer.concat(pieces);
}
