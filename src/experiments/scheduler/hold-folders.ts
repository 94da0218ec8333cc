import { setTimeout as sleep } from 'node:timers/promises';
import { TextRecognizerError } from '../../errors.ts';
import { lockFolder } from '../../files/lock-folder.ts';

const POLL_MS = 100;

/**
 * Takes folders one after the other, each as soon as it is free; returns what gives them back, or undefined where `signal` came first.
 * Whoever takes several takes them in the same order.
 */
export async function holdFolders(
  folders: readonly string[],
  signal: AbortSignal,
): Promise<(() => Promise<void>) | undefined> {
  const unlocks: (() => Promise<void>)[] = [];
  const giveBack = async () => {
    for (const unlock of unlocks.toReversed()) await unlock();
  };
  try {
    for (const folder of folders) {
      const unlock = await whenFree(folder, signal);
      if (unlock) unlocks.push(unlock);
      else return void (await giveBack());
    }
    return giveBack;
  } catch (error) {
    await giveBack();
    throw error;
  }
}

async function whenFree(folder: string, signal: AbortSignal): Promise<(() => Promise<void>) | undefined> {
  while (!signal.aborted) {
    try {
      return await lockFolder(folder);
    } catch (error) {
      if (!isInUse(error)) throw error;
    }
    await sleep(POLL_MS);
  }
  return undefined;
}

/** Removes the lock of a process that was killed; that of one which lives stays. */
export async function removeStaleLock(folder: string): Promise<void> {
  try {
    await (
      await lockFolder(folder)
    )();
  } catch (error) {
    if (!isInUse(error)) throw error;
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof TextRecognizerError && error.code === 'FOLDER_IN_USE';
}
