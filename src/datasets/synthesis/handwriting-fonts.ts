import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { PACKAGE_DATA } from '../dataset-metadata.ts';
import type { FontFile } from './font-lines.ts';

const catalogue = z.array(
  z.strictObject({
    /** Name of the package under @fontsource. */
    name: z.string(),
    licence: z.enum(['OFL-1.1', 'Apache-2.0', 'MIT']),
    joined: z.boolean().optional(),
    weight: z.number().positive().optional(),
  }),
);

/** A handwriting font and its licence. */
export interface HandwritingFont extends FontFile {
  readonly licence: string;
}

const folder = join(fileURLToPath(PACKAGE_DATA), 'font-lines');

/**
 * The handwriting fonts of `data/font-lines/fonts.json`, once installed with `npm ci --prefix data/font-lines` (14 MB, kept out of the
 * project's own packages as only training needs them). Throws `FILE_NOT_FOUND` when they are not.
 */
export function handwritingFonts(packages = join(folder, 'node_modules')): HandwritingFont[] {
  const fonts = catalogue.parse(JSON.parse(readFileSync(join(folder, 'fonts.json'), 'utf8')));
  return fonts.map((font): HandwritingFont => {
    const path = join(packages, '@fontsource', font.name, 'files', `${font.name}-latin-400-normal.woff`);
    if (existsSync(path)) return Object.assign(font, { path });
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `The handwriting font ${font.name} is not installed at ${path}. Install all with \`npm ci --prefix data/font-lines\`.`,
    );
  });
}
