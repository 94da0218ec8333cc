import { resolve } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { FolderStore } from './folder-store.ts';
import { S3Store } from './s3-store.ts';

/**
 * Where runs are that several machines work on: named blobs, in a folder that all of them share or in S3. What is written is there whole or
 * not at all. Every method throws STORE_UNAVAILABLE where the store does not answer or refuses.
 */
export interface RunStore {
  /** Undefined where there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
  /** Writes unless there is one of that name; of several that try, one only gets true. */
  create(name: string, content: Uint8Array): Promise<boolean>;
  /** Names that begin with `prefix`, in no order. */
  list(prefix: string): Promise<string[]>;
  /** Those that are not there are passed over. */
  remove(names: readonly string[]): Promise<void>;
}

/** A store by its place: `s3://BUCKET/PREFIX`, or the path of a folder; throws INVALID_ARGUMENT for a malformed `s3:` place. */
export async function openRunStore(place: string): Promise<RunStore> {
  return isS3(place) ? await S3Store.open(place) : new FolderStore(place);
}

/** A place in a store, `names` below `place`. */
export function placeIn(place: string, ...names: readonly string[]): string {
  return [place.replace(/\/+$/, ''), ...names].join('/');
}

/** The same place for processes that have other working directories. */
export function absolutePlace(place: string): string {
  return isS3(place) ? place : resolve(place);
}

/** Whether a place is in S3; throws INVALID_ARGUMENT for `s3:` without its two slashes, which would be taken for a folder of that name. */
export function isS3(place: string): boolean {
  if (place.startsWith('s3://')) return true;
  if (!/^s3:/i.test(place)) return false;
  const message = `'${place}' is not a location in S3; give s3://BUCKET/PREFIX, or ./${place} for a folder of that name.`;
  throw new TextRecognizerError('INVALID_ARGUMENT', message);
}
