import type { JsonValue } from '../../training/callback.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { Population } from './group.ts';
import type { Halving } from './group-schema.ts';
import type { JsonPath } from './json-source.ts';
import type { Settings } from './name-runs.ts';

/** A group as its file says it, before the experiments are checked. */
export interface GroupDraft {
  readonly name: string;
  readonly description: string;
  readonly runs: readonly RunDraft[];
  readonly halving?: Halving;
  readonly population?: Population;
  readonly metric?: Monitor;
}

export interface RunDraft {
  /** What may differ among the runs. */
  readonly settings: Settings;
  readonly experiment: JsonValue;
  /** Where a field of the experiment was written: file, line and field. */
  locate(path: JsonPath): string;
}
