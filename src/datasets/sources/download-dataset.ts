import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { downloadFile, type DownloadOptions } from '../../files/download-file.ts';
import { PACKAGE_DATA, readDatasetMetadata, type DatasetMetadata } from '../dataset-metadata.ts';

/** How and where to download. */
export interface DownloadDatasetOptions extends DownloadOptions {
  /** The folder of data sets; files go to `ROOT/raw/NAME/`. */
  readonly root: string;
  /** Where metadata is read from; default what the package brings. */
  readonly metadata?: URL;
}

/**
 * Downloads every file of a data set (`emnist`) from its official source, verified; resumes where an earlier call stopped, and does
 * nothing where all is there. Returns the paths. Throws what `downloadFile` throws, or `DATASET_NOT_FOUND`.
 */
export async function downloadDataset(name: string, options: DownloadDatasetOptions): Promise<string[]> {
  const { root, metadata = PACKAGE_DATA } = options;
  const { files, access } = readDatasetMetadata(name, metadata);
  if (files.length === 0)
    throw new TextRecognizerError('DATASET_NOT_FOUND', `${name} has no files to download. ${access}`);
  const paths: string[] = [];
  for (const remote of files) {
    const path = join(root, 'raw', name, remote.file);
    await downloadFile(remote, path, options);
    paths.push(path);
  }
  return paths;
}

/** The metadata of all data sets that can be downloaded; the others must be asked for or are made. */
export function downloadableDatasets(folder: URL = PACKAGE_DATA): DatasetMetadata[] {
  return readdirSync(folder)
    .filter((name) => existsSync(new URL(`${name}/metadata.json`, folder)))
    .map((name) => readDatasetMetadata(name, folder))
    .filter(({ files }) => files.length > 0);
}
