import { CharacterPredictor, TextRecognizerError, type Recognition } from 'text-recognizer';

/** The reading of an image; undefined for what is no image. */
async function read(predictor: CharacterPredictor, file: string): Promise<Recognition | undefined> {
  try {
    return await predictor.predict(file);
  } catch (error) {
    if (error instanceof TextRecognizerError && error.code === 'UNSUPPORTED_IMAGE') return undefined;
    throw error;
  }
}

const predictor = await CharacterPredictor.load();
const recognition = await read(predictor, process.argv[2]!);
console.log(recognition ? `${recognition.text} (${recognition.confidence.toFixed(2)})` : 'no image');
await predictor.close();
