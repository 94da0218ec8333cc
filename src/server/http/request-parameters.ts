import { closest } from 'fastest-levenshtein';
import { chooseModel } from '../../reading/choose-model.ts';
import { requireDecoder } from '../../reading/reader.ts';
import { lineDecoders } from '../../text/decode-line.ts';
import type { ReadChoice, ServedModel } from '../reading-service.ts';
import { ProblemError } from './problem.ts';

/** What a list may hold: entries, and characters of all of them together. */
const MAX_ENTRIES = 10_000;
const MAX_LIST_LENGTH = 100_000;
/** Most bytes of a parameter in a form. */
export const MAX_FIELD_BYTES = 4 * MAX_LIST_LENGTH;

const list = { isList: true, maxLength: MAX_LIST_LENGTH } as const;

/** The parameters of requests that read images: one table for queries, JSON and forms, for OpenAPI and docs/serving.md. */
export const requestParameters = {
  model: {
    help: 'the name of a model, one of GET /v1/models; by default the first character model if the image contains a single character, otherwise the first line model',
    maxLength: 100,
  },
  decoder: {
    help: 'how text is found: greedy takes the best path, beam searches among prefixes, lm also uses a language model (line models only); by default the first decoder that GET /v1/models lists for the model',
    choices: lineDecoders,
    maxLength: 10,
  },
  characters: { help: 'the only characters that occur: single ones and ranges, such as 0-9.,€', maxLength: 1000 },
  pattern: {
    help: String.raw`a regular expression that each line matches as a whole, such as [A-Z]{2}\d{6}`,
    maxLength: 1000,
  },
  words: {
    help: `a closed list, one entry of which each line is: an array of strings, or one entry per line; at most ${MAX_ENTRIES} entries of ${MAX_LIST_LENGTH} characters together`,
    ...list,
  },
  likelyWords: { help: 'words that the language model should expect, in the form and number of `words`', ...list },
} as const;

type Name = keyof typeof requestParameters;

interface Parameter {
  readonly help: string;
  readonly maxLength: number;
  readonly choices?: readonly string[];
  readonly isList?: boolean;
}

const parameters = Object.entries(requestParameters) as [Name, Parameter][];
const parameterNames = parameters.map(([name]) => name);

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
  checkNames(Object.keys(members), [...others, ...parameterNames], 'the body');
  return choiceOf(members);
}

/** The choice among the members of a query or a body; throws INVALID_REQUEST. */
export function choiceOf(members: Readonly<Record<string, unknown>>): ReadChoice {
  const given = parameters.filter(([name]) => members[name] !== undefined);
  return Object.fromEntries(given.map(([name, parameter]) => [name, valueOf(name, parameter, members[name])]));
}

/** A list becomes one entry per line: a string goes from thread to thread at once, thousands of them do not. */
function valueOf(name: Name, { maxLength, choices, isList }: Parameter, given: unknown): string {
  const value = isList && Array.isArray(given) ? joined(name, given) : given;
  if (typeof value !== 'string' || value.length > maxLength) {
    const form = isList ? 'a string or a list of strings, ' : 'a string ';
    throw new ProblemError('INVALID_REQUEST', `"${name}" must be ${form}of at most ${maxLength} characters.`);
  }
  if (choices && !choices.includes(value)) {
    throw new ProblemError('INVALID_REQUEST', `"${name}" must be ${choices.join(', ')}.`);
  }
  if (isList) checkEntries(name, value.split('\n').length);
  return value;
}

function joined(name: Name, given: readonly unknown[]): string {
  checkEntries(name, given.length);
  if (given.every((entry) => typeof entry === 'string')) return given.join('\n');
  throw new ProblemError('INVALID_REQUEST', `"${name}" must be a list of strings.`);
}

function checkEntries(name: Name, entries: number): void {
  if (entries <= MAX_ENTRIES) return;
  throw new ProblemError('INVALID_REQUEST', `"${name}" may have at most ${MAX_ENTRIES} entries; it has ${entries}.`);
}

/** What query and body say together; throws INVALID_REQUEST where they contradict each other. */
export function mergeChoices(query: ReadChoice, body: ReadChoice): ReadChoice {
  for (const name of parameterNames) {
    const [here, there] = [query[name], body[name]];
    if (here === undefined || there === undefined || here === there) continue;
    const [shown, other] = [here, there].map((value) => value.slice(0, 50));
    throw new ProblemError('INVALID_REQUEST', `"${name}" is ${shown} in the query and ${other} in the body; send one.`);
  }
  return { ...query, ...body };
}

/** Throws MODEL_NOT_FOUND, UNSUPPORTED_DECODER or INVALID_REQUEST for a choice with which no image can be read. */
export function checkChoice(models: readonly ServedModel[], { model, decoder, pattern, words }: ReadChoice): void {
  if (pattern !== undefined && words !== undefined) {
    throw new ProblemError('INVALID_REQUEST', 'Send either "pattern" or "words", not both.');
  }
  const chosen = model === undefined ? models : [chooseModel(models, 'blank', model)];
  const able = chosen.find(({ decoders }) => decoder === undefined || decoders.includes(decoder));
  if (able === undefined) requireDecoder(decoder, chosen[0]);
}
