import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

const fileSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }),
    /** Name under which the file is kept. */
    file: z.string().regex(/^[\w-][\w.-]*$/),
    bytes: z.number().int().positive(),
    sha256: hex(64).optional(),
    /** For sources that publish nothing better: it shows accidents, not attacks. */
    md5: hex(32).optional(),
  })
  .refine(({ sha256, md5 }) => sha256 !== undefined || md5 !== undefined, 'a file needs a sha256 or an md5');

const metadataSchema = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    homepage: z.url(),
    licence: z.string(),
    citation: z.string(),
    files: z.array(fileSchema),
    checksumSource: z.string().optional(),
    /** How to get a data set that no address gives away, or how it is made. */
    access: z.string().optional(),
  })
  .refine(
    ({ files, access }) => files.length > 0 || access !== undefined,
    'without files, access must say how to get them',
  );

/** Where a data set comes from: `data/NAME/metadata.json`. */
export type DatasetMetadata = z.infer<typeof metadataSchema>;

/** The folder of metadata and samples that is part of the package. */
export const PACKAGE_DATA = new URL('../../data/', import.meta.url);

/** Reads the metadata of a data set; throws `DATASET_NOT_FOUND` or `DATASET_INVALID`. */
export function readDatasetMetadata(name: string, folder: URL = PACKAGE_DATA): DatasetMetadata {
  const url = new URL(`${encodeURIComponent(name)}/metadata.json`, folder);
  if (!existsSync(url)) throw new TextRecognizerError('DATASET_NOT_FOUND', `There is no data set ${name} to download.`);
  try {
    return metadataSchema.parse(JSON.parse(decodeText(readFileSync(url))));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new TextRecognizerError('DATASET_INVALID', `The metadata of ${name} is broken: ${problem}.`, { cause });
  }
}
