import { Recognizer, type Alternative } from 'text-recognizer';

const show = ({ text, confidence }: Alternative) => `${text} (${confidence.toFixed(2)})`;

const recognizer = await Recognizer.load();
console.log(show(await recognizer.read(process.argv[2])));
await recognizer.close();
