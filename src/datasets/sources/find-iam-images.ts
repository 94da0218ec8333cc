import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { crop } from '../../images/crop.ts';
import { decodeImage } from '../../images/decode-image.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { isHidden } from './bad-files.ts';
import type { IamLine } from './iam-transcripts.ts';

/**
 * Finds the images of IAM in `folder`: in folders whose names begin with `lines` or `forms`, however deep, or in `folder` itself. What is
 * returned reads a line's own image, or cuts it from its form, which is decoded once for all its lines.
 */
export async function findIamImages(folder: string): Promise<(line: IamLine) => Promise<GrayImage>> {
  const [lines, forms] = [await indexImages(folder, 'lines'), await indexImages(folder, 'forms')];
  let last: { form: string; image: GrayImage } | undefined;
  return async (line) => {
    const { id, form } = line;
    const own = lines.get(id);
    if (own !== undefined) return await decodeImage(own);
    const path = forms.get(form);
    if (path === undefined) throw missing(folder, line);
    if (last?.form !== form) last = { form, image: await decodeImage(path) };
    return cutLine(last.image, line, path);
  };
}

/** Paths of images by their names without extension. */
async function indexImages(folder: string, kind: 'lines' | 'forms'): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const places = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith(kind)).map(({ name }) => name);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const place of places) {
    for (const name of await readdir(join(folder, place), { recursive: true })) names.push(join(place, name));
  }
  const images = names.filter((name) => /\.(?:png|jpe?g|tiff?)$/i.test(name) && !isHidden(name));
  return new Map(images.map((name) => [parse(name).name, join(folder, name)]));
}

function cutLine(image: GrayImage, { id, box }: IamLine, path: string): GrayImage {
  if (box === undefined) throw new TextRecognizerError('DATASET_INVALID', `${id} has no box on its form.`);
  const isOnForm = box.left < image.width && box.top < image.height && box.right > 0 && box.bottom > 0;
  if (isOnForm) return crop(image, box);
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `The box of ${id} lies outside ${path} of ${image.width}×${image.height} pixels: they do not belong together.`,
  );
}

function missing(folder: string, { id, form }: IamLine): TextRecognizerError {
  return new TextRecognizerError(
    'FILE_NOT_FOUND',
    `There is no image of ${id}: neither ${join(folder, 'lines', form.slice(0, 3), form, `${id}.png`)} nor ${join(folder, 'forms', `${form}.png`)}. ` +
      "Unpack IAM's lines.tgz to lines/ there.",
  );
}
