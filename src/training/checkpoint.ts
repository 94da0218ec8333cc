import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint-format.ts';

const FILE_NAME = /^checkpoint-(\d+)\.bin$/;
const LEFTOVER = /^checkpoint-\d+\.bin\.[0-9a-f]+\.tmp$/;

/** Writes one checkpoint file whole: after a crash at any moment `path` holds the old one or the new one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}

/** Reads a checkpoint; throws FILE_NOT_FOUND, or CHECKPOINT_INVALID when any byte is not as it was written. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `Cannot read the checkpoint ${path}: give the path of a checkpoint-*.bin file in the folder of a run.`,
      { cause },
    );
  }
  return decodeCheckpoint(bytes, path);
}

/**
 * Writes `checkpoint-<step>.bin` into the folder of a run, and once it is durable removes all others but the one before
 * it; returns its path.
 */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint): Promise<string> {
  const { step } = checkpoint.meta;
  const name = `checkpoint-${String(step).padStart(9, '0')}.bin`;
  await writeCheckpoint(join(folder, name), checkpoint);
  const names = await checkpointNames(folder);
  const before = names.find((other) => stepOf(other) < step);
  // Later steps are of a course that this run, resumed from an earlier checkpoint, has left.
  const superseded = names.filter((other) => other !== name && other !== before);
  const leftovers = (await readdir(folder)).filter((other) => LEFTOVER.test(other));
  for (const other of [...superseded, ...leftovers]) await rm(join(folder, other), { force: true });
  return join(folder, name);
}

export interface LatestCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** What was wrong with later files that had to be skipped: show this to the user. */
  readonly passedOver: readonly Error[];
}

/**
 * The newest readable checkpoint in the folder of a run; undefined when there is none at all, CHECKPOINT_INVALID when
 * there are some and none can be read.
 */
export async function readLatestCheckpoint(folder: string): Promise<LatestCheckpoint | undefined> {
  const passedOver: Error[] = [];
  for (const name of await checkpointNames(folder)) {
    const path = join(folder, name);
    try {
      return { path, checkpoint: await readCheckpoint(path), passedOver };
    } catch (error) {
      if (!(error instanceof TextRecognizerError)) throw error;
      passedOver.push(error);
    }
  }
  if (passedOver.length === 0) return undefined;
  throw new TextRecognizerError(
    'CHECKPOINT_INVALID',
    `None of the ${passedOver.length} checkpoints in ${folder} can be read: restore one from a backup, or start over.\n` +
      passedOver.map((error) => error.message).join('\n'),
    { cause: passedOver[0] },
  );
}

/** Names of the checkpoint files in a folder, newest first. */
async function checkpointNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => FILE_NAME.test(name)).sort((a, b) => stepOf(b) - stepOf(a));
}

function stepOf(name: string): number {
  return Number(FILE_NAME.exec(name)?.[1]);
}
