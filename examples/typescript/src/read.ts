import { Recognizer, TextRecognizerError, type Reading } from 'text-recognizer';

/** The reading of an image; undefined for what is not an image. */
async function read(recognizer: Recognizer, file: string): Promise<Reading | undefined> {
  try {
    return await recognizer.read(file);
  } catch (error) {
    if (error instanceof TextRecognizerError && error.code === 'UNSUPPORTED_IMAGE') return undefined;
    throw error;
  }
}

const recognizer = await Recognizer.load();
const reading = await read(recognizer, process.argv[2]!);
console.log(reading ? `${reading.text} (${reading.confidence.toFixed(2)})` : 'no image');
await recognizer.close();
