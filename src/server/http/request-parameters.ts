import { closest } from 'fastest-levenshtein';
import { chooseModel } from '../../reading/choose-model.ts';
import { requireDecoder } from '../../reading/reader.ts';
import { type LineDecoder, lineDecoders } from '../../text/decode-line.ts';
import type { ServedModel } from '../reading-service.ts';
import { ProblemError } from './problem.ts';

/** The parameters of requests that read images: one table for queries, JSON and forms, for OpenAPI and docs/serving.md. */
export const requestParameters = {
  model: {
    help: 'the name of a model, one of GET /v1/models; by default the first character model if the image contains a single character, otherwise the first line model',
    maxLength: 100,
  },
  decoder: {
    help: 'how text is found: greedy takes the best path, beam searches among prefixes, lm also uses a language model (line models only); by default the first decoder that GET /v1/models lists for the model',
    choices: lineDecoders,
  },
} as const;

/** How an image is to be read, as a request says it. */
export interface ReadChoice {
  readonly model?: string;
  readonly decoder?: LineDecoder;
}

const choiceNames = Object.keys(requestParameters);

/** Throws INVALID_REQUEST for a name that is not known in `place`, with the one that is closest. */
export function checkNames(names: readonly string[], known: readonly string[], place: string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const shown = JSON.stringify(unknown.slice(0, 50));
  const advice =
    known.length === 0
      ? 'nothing may be there'
      : `did you mean "${closest(unknown.slice(0, 50), known)}"? There is ${known.join(', ')}`;
  throw new ProblemError('INVALID_REQUEST', `${shown} is unknown in ${place}; ${advice}.`);
}

/** The choice in a body, of whose members `others` are no parameters; throws INVALID_REQUEST. */
export function choiceOfBody(members: Readonly<Record<string, unknown>>, others: readonly string[]): ReadChoice {
  checkNames(Object.keys(members), [...others, ...choiceNames], 'the body');
  const { model, decoder } = members;
  const { maxLength } = requestParameters.model;
  if (model !== undefined && (typeof model !== 'string' || model.length > maxLength))
    throw new ProblemError('INVALID_REQUEST', `"model" must be a string of at most ${maxLength} characters.`);
  const known = lineDecoders.find((other) => other === decoder);
  if (decoder !== undefined && known === undefined)
    throw new ProblemError('INVALID_REQUEST', `"decoder" must be ${lineDecoders.join(', ')}.`);
  return { ...(model !== undefined && { model }), ...(known !== undefined && { decoder: known }) };
}

/** What query and body say together; throws INVALID_REQUEST where they contradict each other. */
export function mergeChoices(query: ReadChoice, body: ReadChoice): ReadChoice {
  for (const name of ['model', 'decoder'] as const) {
    const [here, there] = [query[name], body[name]];
    if (here === undefined || there === undefined || here === there) continue;
    throw new ProblemError('INVALID_REQUEST', `"${name}" is ${here} in the query and ${there} in the body; send one.`);
  }
  return { ...query, ...body };
}

/** Throws MODEL_NOT_FOUND or UNSUPPORTED_DECODER for a choice with which no image can be read. */
export function checkChoice(models: readonly ServedModel[], { model, decoder }: ReadChoice): void {
  const chosen = model === undefined ? models : [chooseModel(models, 'blank', model)];
  const able = chosen.find(({ decoders }) => decoder === undefined || decoders.includes(decoder));
  if (able === undefined) requireDecoder(decoder, chosen[0]);
}
