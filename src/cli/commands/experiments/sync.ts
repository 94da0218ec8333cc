import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { TextRecognizerError } from '../../../errors.ts';
import { findRunFolders } from '../../../experiments/tracking/find-run-folders.ts';
import { syncRun } from '../../../experiments/trackers/sync-run.ts';
import { trackerKinds, type TrackerKind } from '../../../experiments/trackers/tracker-kinds.ts';
import { readTrackerState } from '../../../experiments/trackers/tracker-state.ts';
import { trackOption } from '../../options.ts';
import { rootOption } from './run-options.ts';

interface SyncOptions {
  readonly root: string;
  readonly track?: readonly TrackerKind[];
}

/** `experiments sync [RUN…]`: what trackers have missed. */
export function syncCommand(): Command {
  return new Command('sync')
    .description('send runs, or what is missing of them, to trackers')
    .argument(
      '[runs...]',
      'runs as `experiments list` names them, or their folders (default: all that a tracker was told of)',
    )
    .addOption(rootOption())
    .addOption(trackOption('send there (default: where each run was tracked)'))
    .action(syncRuns);
}

async function syncRuns(runs: readonly string[], { root, track }: SyncOptions): Promise<void> {
  const folders = runs.length > 0 ? runs.map((run) => folderOf(run, root)) : allFolders(root);
  let sent = 0;
  let failed = 0;
  for (const folder of folders) {
    for (const tracker of await trackersOf(folder, track, runs.length > 0)) {
      try {
        await syncRun(folder, tracker, process.env);
        sent += 1;
      } catch (error) {
        if (!(error instanceof TextRecognizerError)) throw error;
        failed += 1;
        console.error(`${folder}, ${tracker}: ${error.message}`);
      }
    }
  }
  console.log(`${sent} up to date, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

function folderOf(run: string, root: string): string {
  const folder = [join(root, run), run].find((path) => existsSync(join(path, 'run.json')));
  if (folder !== undefined) return folder;
  throw new TextRecognizerError(
    'FILE_NOT_FOUND',
    `There is no run '${run}' in ${root}; list all runs with: experiments list.`,
  );
}

function allFolders(root: string): string[] {
  return [...findRunFolders(root)].map((id) => join(root, id));
}

/** Runs that were named go to all trackers that were; of all runs only those that are known there already. */
async function trackersOf(
  folder: string,
  track: readonly TrackerKind[] | undefined,
  isNamed: boolean,
): Promise<readonly TrackerKind[]> {
  if (isNamed && track) return track;
  const known: TrackerKind[] = [];
  for (const kind of track ?? trackerKinds) if (await readTrackerState(folder, kind)) known.push(kind);
  if (isNamed && known.length === 0) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `${folder} was not tracked: say where to send it with --track.`);
  }
  return known;
}
