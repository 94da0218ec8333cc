import type { GroupRun, GroupRunState } from '../experiments/scheduler/group-run.ts';
import { formatDuration, formatFigure } from '../report/format-figure.ts';
import type { ProgressStream } from '../training/callbacks/progress-bar.ts';
import { improves, type Monitor } from '../training/callbacks/monitor.ts';

/** A terminal, or anything like it. */
export interface TableStream extends ProgressStream {
  readonly rows?: number;
}

const REDRAW_MS = 250;
/** Those that change come first. */
const order: readonly GroupRunState[] = ['running', 'failed', 'finished', 'halted', 'waiting'];

/** The runs of a group as a table on a terminal, drawn over itself. */
export class GroupTable {
  readonly #monitor: Monitor;
  readonly #stream: TableStream;
  #lines = 0;
  #drawn = Number.NEGATIVE_INFINITY;
  #runs: readonly GroupRun[] = [];

  constructor(monitor: Monitor, stream: TableStream) {
    this.#monitor = monitor;
    this.#stream = stream;
  }

  /** Draws at most four times a second. */
  draw(runs: readonly GroupRun[]): void {
    this.#runs = runs;
    if (performance.now() - this.#drawn >= REDRAW_MS) this.#redraw();
  }

  /** Leaves the last state of all runs there. */
  close(): void {
    this.#redraw();
    this.#lines = 0;
  }

  #redraw(): void {
    const { columns = 80, rows = 24 } = this.#stream;
    const lines = groupLines(this.#runs, this.#monitor, rows - 2).map((line) => line.slice(0, columns - 1));
    // Up to the first line of what was drawn before, and away with it.
    const back = this.#lines === 0 ? '' : `\x1b[${this.#lines}A`;
    this.#stream.write(`${back}\r\x1b[J${lines.join('\n')}\n`);
    this.#lines = lines.length;
    this.#drawn = performance.now();
  }
}

/** The table in at most `height` lines. */
export function groupLines(runs: readonly GroupRun[], monitor: Monitor, height: number): string[] {
  const sorted = order.flatMap((state) => runs.filter((run) => run.state === state));
  // Head, line of counts, and where not all fit, how many there are more.
  const shown = sorted.slice(0, runs.length + 2 <= height ? runs.length : Math.max(1, height - 3));
  const cells = [['STATE', 'EPOCH', 'LOSS', monitor.metric, 'LEFT', 'DEVICE', 'RUN'], ...shown.map(rowOf)];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const table = cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
  const more = sorted.length > shown.length ? [`… and ${sorted.length - shown.length} more`] : [];
  return [...table, ...more, countsOf(runs, monitor)];
}

function rowOf({ state, epoch, step, value, device, member }: GroupRun): string[] {
  const { epochs } = member.recipe.stages[member.recipe.stages.length - 1].experiment.training;
  return [
    state,
    step ? `${step.epoch}/${step.epochs}` : `${epoch}/${epochs}`,
    step ? formatFigure(step.loss) : '',
    value === undefined ? '' : formatFigure(value),
    step ? formatDuration(step.secondsLeft) : '',
    device ?? '',
    member.name,
  ];
}

function countsOf(runs: readonly GroupRun[], monitor: Monitor): string {
  const counts = order.flatMap((state) => {
    const count = runs.filter((run) => run.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  let best: GroupRun | undefined;
  for (const run of runs) if (improves(monitor, run.value ?? Number.NaN, best?.value, 0)) best = run;
  const leader = best === undefined ? '' : `; best ${monitor.metric} ${formatFigure(best.value!)}: ${best.member.name}`;
  return `${counts.join(', ')} of ${runs.length}${leader}`;
}
