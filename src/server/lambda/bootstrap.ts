import { runLambda } from './runtime.ts';

// The command of the container image on Lambda, which sets this variable.
const api = process.env.AWS_LAMBDA_RUNTIME_API;
if (api === undefined)
  throw new Error(
    'AWS_LAMBDA_RUNTIME_API is not set: this runs inside AWS Lambda; use `text-recognizer serve` elsewhere.',
  );
await runLambda(api, async () => (await import('./handler.ts')).handler);
