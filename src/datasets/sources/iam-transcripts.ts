import { TextRecognizerError } from '../../errors.ts';
import type { Box } from '../../images/crop.ts';
import { joinTokens } from './join-tokens.ts';
import { parseXml } from './parse-xml.ts';

/** One line of IAM as its transcription describes it. */
export interface IamLine {
  /** Such as `a01-000u-00`. */
  readonly id: string;
  /** The form that it is on, such as `a01-000u`. */
  readonly form: string;
  readonly text: string;
  readonly writer?: string;
  /** Where it is on the form's image, in pixels. */
  readonly box?: Box;
}

/** `a01-000u` of `a01-000u-00`; throws `DATASET_INVALID` for anything else. */
export function formOf(id: string): string {
  const match = /^([a-z]\d\d-\d{3}[a-z]?)(?:-\d\d)?$/.exec(id);
  if (match !== null) return match[1];
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${JSON.stringify(id)} is not the id of an IAM form or line, such as a01-000u-00.`,
  );
}

/** Parses `ascii/lines.txt`: id, ok or err, gray level, components, x y w h, and the tokens between bars. */
export function parseIamLines(content: string): IamLine[] {
  return rows(content).map(({ fields, number }): IamLine => {
    const [id, , , , x, y, width, height] = fields;
    const sizes = [x, y, width, height].map(Number);
    const tokens = fields.slice(8).join(' ').split('|');
    if (fields.length < 9 || sizes.some((size) => !Number.isInteger(size))) throw badRow('lines.txt', number);
    return { id, form: formOf(id), text: joinTokens(tokens), box: boxAround([sizes]) };
  });
}

/** Parses `ascii/forms.txt`: which writer wrote each form. */
export function parseIamForms(content: string): Map<string, string> {
  return new Map(
    rows(content).map(({ fields, number }): [string, string] => {
      if (fields.length < 2) throw badRow('forms.txt', number);
      return [formOf(fields[0]), fields[1]];
    }),
  );
}

/** Parses one file of `xml/`: the lines of a form, with their texts as written and the boxes around their words. */
export function parseIamForm(xml: string): IamLine[] {
  const { form } = parseXml(xml, ['handwritten-part', 'line', 'word', 'cmp']) as { form?: XmlForm };
  const lines = form?.['handwritten-part']?.[0]?.line;
  if (form === undefined || lines === undefined) {
    throw noForm('it has no form with a handwritten-part');
  }
  return lines.map((line): IamLine => {
    const words = (line.word ?? []).flatMap((word) => word.cmp ?? []);
    const box = boxAround(words.map(({ x, y, width, height }) => [x, y, width, height].map(Number)));
    if (line.text === undefined || line.text === '') throw noForm(`line ${line.id} has no text`);
    return { id: line.id, form: formOf(line.id), text: line.text, writer: form['writer-id'], box };
  });
}

function noForm(reason: string): TextRecognizerError {
  return new TextRecognizerError('DATASET_INVALID', `This is not the XML of an IAM form: ${reason}.`);
}

interface XmlForm {
  readonly 'writer-id'?: string;
  readonly 'handwritten-part'?: readonly { readonly line?: readonly XmlLine[] }[];
}

interface XmlLine {
  readonly id: string;
  readonly text?: string;
  readonly word?: readonly { readonly cmp?: readonly Record<'x' | 'y' | 'width' | 'height', string>[] }[];
}

function boxAround(boxes: readonly (readonly number[])[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , width]) => x + width));
  const bottom = Math.max(...boxes.map(([, y, , height]) => y + height));
  return right > left && bottom > top ? { left, top, right, bottom } : undefined;
}

/** The rows of one of IAM's tables; those that start with # explain it. */
function rows(content: string): { fields: string[]; number: number }[] {
  return content.split(/\r?\n/).flatMap((row, index) => {
    if (row.trim() === '' || row.startsWith('#')) return [];
    return [{ fields: row.trim().split(' '), number: index + 1 }];
  });
}

function badRow(file: string, number: number): TextRecognizerError {
  return new TextRecognizerError('DATASET_INVALID', `Row ${number} of ${file} is not as IAM's are. Is the file whole?`);
}
