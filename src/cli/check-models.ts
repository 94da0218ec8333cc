import { basename } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { bundledModels, modelFolders, readModel } from '../models/model-store.ts';
import { openPageFinder } from '../reading/open-page-finder.ts';
import { Recognizer } from '../reading/recognizer.ts';

/** Which models of a folder can be loaded, by the names of their folders, and why the others cannot. */
export interface CheckedModels {
  readonly models: readonly string[];
  readonly unusableModels: Readonly<Record<string, string>>;
}

/** Opens every model in a folder of models, one after the other. */
export async function checkModels(folder = bundledModels): Promise<CheckedModels> {
  const models: string[] = [];
  const unusableModels: Record<string, string> = {};
  for (const path of await modelFolders(folder)) {
    const reason = await reasonAgainst(path);
    if (reason === undefined) models.push(basename(path));
    else unusableModels[basename(path)] = reason;
  }
  return { models, unusableModels };
}

/** Why a model cannot be loaded; undefined where it can. */
async function reasonAgainst(path: string): Promise<string | undefined> {
  try {
    const stored = await readModel(path);
    if (stored.manifest.kind === 'page') {
      await (await openPageFinder(stored, {})).session.close();
      return undefined;
    }
    const recognizer = await Recognizer.load({ models: [path] });
    await recognizer.readers();
    await recognizer.close();
    return undefined;
  } catch (error) {
    if (error instanceof TextRecognizerError) return `${error.code}: ${error.message}`;
    return error instanceof Error ? error.message : String(error);
  }
}
