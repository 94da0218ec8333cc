import { bundledLanguageModel } from '../models/bundled-language-model.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { readLanguageModel } from '../text/language-model/read-language-model.ts';

/** The file of a language model, or what gives one; false for none. */
export type LanguageModelSource = string | false | (() => Promise<LanguageModel>);

/** Reads a language model when it is first wanted, and once for all that want it: it takes 40 MiB. */
export function readOnce(source: LanguageModelSource = bundledLanguageModel): false | (() => Promise<LanguageModel>) {
  if (source === false) return false;
  let reading: Promise<LanguageModel> | undefined;
  return () => (reading ??= typeof source === 'string' ? readLanguageModel(source) : source());
}
