import languageModelUrl from '../../../models/language-model/language-model.bin?url';
import type { LanguageModel } from '../../../src/text/language-model/language-model.ts';
import { decodeLanguageModel } from '../../../src/text/language-model/language-model-file.ts';
import { fetchAndKeep } from './fetch-and-keep.ts';
import type { OnBytes } from './start-runtime.ts';

/** Its size, which the build knows. */
declare const LANGUAGE_MODEL_BYTES: number;

let loaded: Promise<LanguageModel> | undefined;

/** The language model, the same for all models of lines; a load that failed is tried again. */
export async function loadLanguageModel(onBytes: OnBytes): Promise<LanguageModel> {
  loaded ??= load(onBytes);
  return await loaded.catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
}

async function load(onBytes: OnBytes): Promise<LanguageModel> {
  onBytes(0, LANGUAGE_MODEL_BYTES);
  const url = new URL(languageModelUrl, import.meta.url).href;
  return await decodeLanguageModel(new Uint8Array(await fetchAndKeep(url, onBytes)));
}
