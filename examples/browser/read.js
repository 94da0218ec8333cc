import { ServiceError, TextRecognizerClient } from 'text-recognizer/client';

// The service must be started with `--cors-origin` and this page's origin.
const client = new TextRecognizerClient('http://localhost:8000');
const output = document.querySelector('output');

document.querySelector('input').addEventListener('change', async ({ target }) => {
  try {
    const { pred, conf } = await client.predict(target.files[0]);
    output.textContent = `${pred} (${conf.toFixed(2)})`;
  } catch (error) {
    output.textContent = error instanceof ServiceError ? error.message : 'The service does not answer.';
  }
});
