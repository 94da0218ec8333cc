import { expect, test } from 'vitest';
import { epochReport, stepReport } from '../testing/training-run.ts';
import { ProgressBar, type ProgressStream } from './progress-bar.ts';

/** A terminal or a file that remembers what was written to it. */
class Screen implements ProgressStream {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  text = '';

  constructor(isTTY: boolean, columns?: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  /** What is on the last line after the control sequences had their effect. */
  get line(): string {
    return this.text.split('\r\x1b[2K').at(-1) ?? '';
  }
}

test('redraws one line on a terminal', () => {
  const screen = new Screen(true, 120);
  const bar = new ProgressBar({ stream: screen, color: false });
  for (let step = 1; step <= 15; step++) bar.onStepEnd(stepReport(step, { loss: 0.5, learningRate: 0.00012 }));
  // 64 items in 0.1 s; 15 of 30 steps are left, 0.1 s each; 0.01 s of each 0.1 s waiting.
  expect(screen.line).toBe(
    `epoch 2/3 ${'━'.repeat(15)}${'─'.repeat(15)} 5/10  loss 0.5  640 items/s  1.5 s left  lr 1.2e-4  waiting 10 %`,
  );
  expect(screen.text).not.toContain('\n');
});

test('forgets old steps, and draws no oftener than ten times a second', () => {
  const screen = new Screen(true, 120);
  const bar = new ProgressBar({ stream: screen, color: false });
  for (let step = 1; step <= 600; step++) bar.onStepEnd(stepReport(step, { loss: step <= 100 ? 9 : 1, seconds: 0.01 }));
  expect(screen.line).toMatch(/ loss 1 .* 6400 items\/s/);
  expect(screen.text.split('\r').length - 1).toBeGreaterThanOrEqual(55);
  expect(screen.text.split('\r').length - 1).toBeLessThanOrEqual(62);
});

test('keeps to the width of the terminal', () => {
  for (const columns of [10, 40, 80, 90, 100, 200]) {
    const screen = new Screen(true, columns);
    new ProgressBar({ stream: screen, color: false }).onStepEnd(stepReport(5));
    expect(screen.line.length).toBeLessThan(columns);
  }
});

test('colours the bar unless NO_COLOR is set', () => {
  const before = process.env.NO_COLOR;
  const colored = (noColor: string | undefined): boolean => {
    if (noColor === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = noColor;
    const screen = new Screen(true, 120);
    new ProgressBar({ stream: screen }).onStepEnd(stepReport(5));
    return screen.text.includes('\x1b[36m');
  };
  try {
    expect(colored(undefined)).toBe(true);
    expect(colored('')).toBe(true);
    expect(colored('1')).toBe(false);
  } finally {
    if (before === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = before;
  }
});

test('leaves a line an epoch on a terminal, and nothing else', () => {
  const screen = new Screen(true, 120);
  const bar = new ProgressBar({ stream: screen, color: false });
  bar.onStepEnd(stepReport(10));
  bar.onEpochEnd(epochReport(1, { loss: 0.51234, valAccuracy: 0.875 }));
  expect(screen.line).toBe('epoch 1/3 in 1.5 s: loss 0.5123, valAccuracy 0.875\n');
  bar.onStepEnd(stepReport(11));
  bar.onTrainEnd();
  expect(screen.line).toBe('');
});

test('writes plain lines, every ten seconds and an epoch, to a file', () => {
  const screen = new Screen(false);
  const bar = new ProgressBar({ stream: screen });
  for (let step = 1; step <= 9; step++) bar.onStepEnd(stepReport(step, { loss: 2, seconds: 2.5, waitSeconds: 0 }));
  bar.onEpochEnd(epochReport(1, { loss: 2, gradient: NaN }));
  bar.onTrainEnd();
  expect(screen.text).toBe(
    'epoch 1/3, step 4/10: loss 2, 25.6 items/s, 1:05 left, lr 0.001, waiting 0 %\n' +
      'epoch 1/3, step 8/10: loss 2, 25.6 items/s, 55 s left, lr 0.001, waiting 0 %\n' +
      'epoch 1/3 in 1.5 s: loss 2, gradient NaN\n',
  );
});
