import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText } from '../../files/decode-text.ts';
import { PACKAGE_DATA } from '../dataset-metadata.ts';
import { formOf } from './iam-transcripts.ts';

/** A part of a split of IAM. */
export type IamPart = 'train' | 'val' | 'test';

/**
 * How IAM is split by writer. `aachen`: 6,482 / 976 / 2,915 lines of 747 / 116 / 336 forms, the split of most papers (RWTH Aachen;
 * Voigtlaender, Doetsch, Ney: Handwriting Recognition with Large MDLSTM Recurrent Neural Networks, ICFHR 2016). `lwitlrt`: the Large Writer Independent Text Line Recognition Task that comes with IAM; its
 * two validation sets are one here.
 */
export type IamSplit = 'aachen' | 'lwitlrt';

/** File names of the task's lists. */
const TASK_FILES = {
  train: ['trainset.txt'],
  val: ['validationset1.txt', 'validationset2.txt'],
  test: ['testset.txt'],
} as const;

const TASK_FOLDERS = ['task', 'largeWriterIndependentTextLineRecognitionTask', '.'];

/** The ids of forms or lines that belong to `part`. */
export function iamPartIds(split: IamSplit, part: IamPart, folder: string): ReadonlySet<string> {
  return split === 'aachen' ? aachenForms(part) : taskLines(part, folder);
}

/** Whether a line belongs to a part whose list names lines, or forms. */
export function isInIamPart(ids: ReadonlySet<string>, line: string): boolean {
  return ids.has(line) || ids.has(formOf(line));
}

/** The forms of a part of the Aachen split, which the package has built in: `{train: {a01: "000u 000x …"}, …}`. */
function aachenForms(part: IamPart): ReadonlySet<string> {
  const lists = JSON.parse(readFileSync(new URL('iam-lines/aachen.json', PACKAGE_DATA), 'utf8')) as AachenLists;
  const groups = Object.entries(lists[part]);
  return new Set(groups.flatMap(([group, forms]) => forms.split(' ').map((form) => `${group}-${form}`)));
}

type AachenLists = Readonly<Record<IamPart, Readonly<Record<string, string>>>>;

function taskLines(part: IamPart, folder: string): ReadonlySet<string> {
  const found = TASK_FOLDERS.map((name) => join(folder, name)).find((place) =>
    existsSync(join(place, TASK_FILES[part][0])),
  );
  if (found === undefined) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `${TASK_FILES[part][0]} is in none of ${TASK_FOLDERS.join(', ')} of ${folder}. Unpack IAM's ` +
        'largeWriterIndependentTextLineRecognitionTask.zip to task/ there, or use the aachen split.',
    );
  }
  const ids = TASK_FILES[part].flatMap((file) => decodeText(readFileSync(join(found, file))).split(/\s+/));
  return new Set(ids.filter((id) => id !== ''));
}
