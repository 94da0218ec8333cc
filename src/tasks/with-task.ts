import type { ModelManifest } from '../models/model-manifest.ts';
import { characterTask } from './character/character-task.ts';
import type { Experiment } from './experiment-schema.ts';
import { lineTask } from './line/line-task.ts';
import { pageTask } from './page/page-task.ts';
import type { Task } from './task.ts';

/** Kinds of what can be learned, as experiments and `model.json` name them. */
export const taskKinds = ['character', 'line', 'page'] as const satisfies readonly ModelManifest['kind'][];

export type TaskKind = (typeof taskKinds)[number];

/** Calls `use` with the task of that kind. */
export function withTask<Result>(
  kind: TaskKind,
  use: <E extends Experiment, Calibration, Evaluation>(task: Task<E, Calibration, Evaluation>) => Result,
): Result {
  switch (kind) {
    case 'character':
      return use(characterTask);
    case 'line':
      return use(lineTask);
    case 'page':
      return use(pageTask);
  }
}
