const { CharacterPredictor } = require('text-recognizer');

async function main() {
  const predictor = await CharacterPredictor.load();
  const { text, confidence } = await predictor.predict(process.argv[2]);
  console.log(`${text} (${confidence.toFixed(2)})`);
  await predictor.close();
}

main();
