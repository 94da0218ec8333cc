import { Recognizer } from 'text-recognizer';

const recognizer = await Recognizer.load();
const { text, confidence } = await recognizer.read(process.argv[2]);
console.log(`${text} (${confidence.toFixed(2)})`);
await recognizer.close();
