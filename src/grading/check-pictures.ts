import { readFile, readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import type { StoredModel } from '../models/model-store.ts';
import { CharacterPredictor } from '../reading/character-predictor.ts';
import { LinePredictor } from '../reading/line-predictor.ts';
import type { Finding, GradeOptions } from './grade-submission.ts';
import type { CheckOf } from './lab.ts';

/** Reads the support pictures of a lab; each that is read exactly counts alike. */
export async function checkPictures(
  { folder }: CheckOf<'pictures'>,
  model: StoredModel,
  { threads }: GradeOptions,
): Promise<Finding> {
  const path = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
  const texts = await textsOf(path);
  const predictor = await openPredictor(model, threads);
  try {
    const wrong: string[] = [];
    for (const [picture, text] of texts) {
      const found = (await predictor.predict(join(path, picture))).text;
      if (found !== text) wrong.push(`${picture}: "${found}", not "${text}"`);
    }
    const right = texts.length - wrong.length;
    return { share: right / texts.length, output: [`${right} of ${texts.length} are right`, ...wrong].join('\n') };
  } finally {
    await predictor.close();
  }
}

async function openPredictor(
  model: StoredModel,
  threads: number | undefined,
): Promise<LinePredictor | CharacterPredictor> {
  if (model.manifest.kind === 'character') return await CharacterPredictor.open(model, { threads });
  return await LinePredictor.open(model, { threads });
}

/** `texts.json` by picture; without it a picture's name ends with its character, as `upper-A.png`. */
async function textsOf(folder: string): Promise<(readonly [picture: string, text: string])[]> {
  const json = await readFile(join(folder, 'texts.json'), 'utf8').catch(() => undefined);
  if (json !== undefined) return Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(json)));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
  if (names.length === 0) throw new TextRecognizerError('FILE_NOT_FOUND', `There are no pictures in ${folder}.`);
  return names.map((name) => [name, parse(name).name.at(-1)!] as const);
}
