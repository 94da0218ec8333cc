import type { Callback, EpochReport, StepReport } from '../callback.ts';
import { formatDuration, formatFigure } from '../../report/format-figure.ts';

/** Where the progress goes: `process.stderr`, or anything like it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressBarOptions {
  /** Default `process.stderr`, so that standard output stays free for results. */
  readonly stream?: ProgressStream;
  /** Colours on a terminal, unless the variable NO_COLOR is set (https://no-color.org). */
  readonly color?: boolean;
}

const REDRAW_SECONDS = 0.1;
const PLAIN_LINE_SECONDS = 10;
const DECAY = 0.98;
const CLEAR_LINE = '\r\x1b[2K';

/** One line of progress, redrawn, on a terminal; elsewhere a line every ten seconds. Both: a line an epoch. */
export class ProgressBar implements Callback {
  readonly name = 'progress-bar';
  readonly #stream: ProgressStream;
  readonly #color: boolean;
  readonly #recent = new RecentSteps();
  #sinceDrawn = 0;
  #drawn = false;

  constructor({ stream = process.stderr, color = !process.env.NO_COLOR }: ProgressBarOptions = {}) {
    this.#stream = stream;
    this.#color = color;
  }

  onStepEnd(report: StepReport): void {
    this.#recent.add(report);
    this.#sinceDrawn += report.seconds;
    if (this.#stream.isTTY) this.#redraw(report);
    else if (this.#sinceDrawn >= PLAIN_LINE_SECONDS) this.#writeLine(report);
  }

  onEpochEnd({ epoch, epochs, seconds, metrics }: EpochReport): void {
    const figures = Object.entries(metrics).map(([name, value]) => `${name} ${formatFigure(value)}`);
    this.#clear();
    this.#stream.write(`epoch ${epoch}/${epochs} in ${formatDuration(seconds)}: ${figures.join(', ')}\n`);
    this.#sinceDrawn = 0;
  }

  onTrainEnd(): void {
    this.#clear();
  }

  #redraw(report: StepReport): void {
    if (this.#drawn && this.#sinceDrawn < REDRAW_SECONDS) return;
    const { epoch, epochs, stepInEpoch, stepsPerEpoch } = report;
    const head = `epoch ${epoch}/${epochs} `;
    const tail = ` ${stepInEpoch}/${stepsPerEpoch}  ${this.#recent.summary(report).join('  ')}`;
    // The last column stays free: some terminals wrap when it is written.
    const width = (this.#stream.columns ?? 80) - 1;
    const bar = Math.min(30, width - head.length - tail.length);
    const line =
      bar < 5 ? (head + tail.trimStart()).slice(0, width) : head + this.#bar(bar, stepInEpoch / stepsPerEpoch) + tail;
    this.#stream.write(CLEAR_LINE + line);
    this.#sinceDrawn = 0;
    this.#drawn = true;
  }

  #bar(width: number, share: number): string {
    const done = Math.round(width * share);
    const [start, end] = this.#color ? ['\x1b[36m', '\x1b[39m'] : ['', ''];
    return `${start}${'━'.repeat(done)}${end}${'─'.repeat(width - done)}`;
  }

  #writeLine(report: StepReport): void {
    const { epoch, epochs, stepInEpoch, stepsPerEpoch } = report;
    const summary = this.#recent.summary(report).join(', ');
    this.#stream.write(`epoch ${epoch}/${epochs}, step ${stepInEpoch}/${stepsPerEpoch}: ${summary}\n`);
    this.#sinceDrawn = 0;
  }

  #clear(): void {
    if (this.#drawn) this.#stream.write(CLEAR_LINE);
    this.#drawn = false;
  }
}

/** Means over about the last fifty steps: sums in which every step weighs 2 % less than the next. */
class RecentSteps {
  #steps = 0;
  #seconds = 0;
  #waitSeconds = 0;
  #items = 0;
  #loss = 0;

  add({ seconds, waitSeconds, items, loss }: StepReport): void {
    this.#steps = DECAY * this.#steps + 1;
    this.#seconds = DECAY * this.#seconds + seconds;
    this.#waitSeconds = DECAY * this.#waitSeconds + waitSeconds;
    this.#items = DECAY * this.#items + items;
    this.#loss = DECAY * this.#loss + loss;
  }

  summary({ step, totalSteps, learningRate }: StepReport): string[] {
    return [
      `loss ${formatFigure(this.#loss / this.#steps)}`,
      `${formatFigure(this.#items / this.#seconds, 3)} items/s`,
      `${formatDuration(((totalSteps - step) * this.#seconds) / this.#steps)} left`,
      `lr ${formatFigure(learningRate, 3)}`,
      `waiting ${Math.round((100 * this.#waitSeconds) / this.#seconds)} %`,
    ];
  }
}
