import { createLambdaHandler } from './create-handler.ts';

/** What AWS Lambda calls; the models are loaded while the function starts. */
export const handler = await createLambdaHandler(process.env);
