import type { LambdaHandler } from './create-handler.ts';

/*
 * A client of the Lambda Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), so that the container
 * image needs no base image of AWS: it asks for the next event, calls the handler, and posts its result or its error.
 */

/** Loads the handler and answers events until the process is frozen or ended; throws when it cannot be loaded. */
export async function runLambda(runtimeApi: string, load: () => Promise<LambdaHandler>): Promise<never> {
  const base = `http://${runtimeApi}/2018-06-01/runtime`;
  const handler = await load().catch(async (error: unknown) => {
    await post(`${base}/init/error`, errorBody(error), error);
    throw error;
  });
  for (;;) await answerNext(base, handler);
}

async function answerNext(base: string, handler: LambdaHandler): Promise<void> {
  const next = await fetch(`${base}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id') ?? '';
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
  const invocation = `${base}/invocation/${encodeURIComponent(id)}`;
  try {
    const result = await handler((await next.json()) as object, context);
    await post(`${invocation}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await post(`${invocation}/error`, errorBody(error), error);
  }
}

async function post(url: string, body: string, error?: unknown): Promise<void> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (error !== undefined) headers['lambda-runtime-function-error-type'] = nameOf(error);
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.arrayBuffer();
}

function errorBody(error: unknown): string {
  const errorMessage = error instanceof Error ? error.message : String(error);
  return JSON.stringify({ errorType: nameOf(error), errorMessage, stackTrace: [] });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
