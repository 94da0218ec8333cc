import { CharacterPredictor, type Alternative } from 'text-recognizer';

const show = ({ text, confidence }: Alternative) => `${text} (${confidence.toFixed(2)})`;

const predictor = await CharacterPredictor.load();
console.log(show(await predictor.predict(process.argv[2])));
await predictor.close();
