import { TextRecognizerError } from '../errors.ts';

/** What `work` gives. What the decoder cannot do is in the image's bytes: INVALID_IMAGE. */
export async function orDamaged<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TextRecognizerError) throw error;
    const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
    const message = `${name} is damaged or cut short and cannot be decoded (${reason}). Save or copy it again.`;
    throw new TextRecognizerError('INVALID_IMAGE', message, { cause: error });
  }
}
