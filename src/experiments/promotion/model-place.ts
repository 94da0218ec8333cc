import type { ModelFiles } from './model-registry.ts';
import type { PushedFile } from './pushed-record.ts';

/** A model that goes to a shared place. */
export interface PushedModel {
  readonly name: string;
  /** The manifest's, which names the model. */
  readonly digest: string;
  readonly description: string;
  readonly files: ModelFiles;
  /** Lists the files, see `pushedRecord`. */
  readonly record: Uint8Array;
}

/** A model as a shared place has it. Nothing of it is verified yet. */
export interface FoundModel {
  /** The record's location, for messages. */
  readonly where: string;
  readonly digest: string;
  readonly record: Uint8Array;
  /** Undefined where there is no such file. */
  read(file: PushedFile): Promise<Uint8Array | undefined>;
}

/** Where models are shared: a folder, S3, or MLflow's registry. Throws STORE_UNAVAILABLE or TRACKER_FAILED where it does not answer. */
export interface ModelPlace {
  /** Makes the model the last one of its name once all of it is there. */
  push(model: PushedModel): Promise<void>;
  /** The last model of this name, or the one with this digest; undefined where there is none. */
  find(name: string, digest?: string): Promise<FoundModel | undefined>;
}
