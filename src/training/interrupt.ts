import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** npm and other launchers pass a signal on that the terminal sends to us as well: one press may arrive twice. */
const SAME_PRESS_MS = 500;

const saving = 'Finishing the step and saving; press Ctrl-C again to quit at once, without saving.';

/**
 * On Ctrl-C, or SIGTERM, calls `onInterrupt` once, which should end the training after its step and save; a second
 * Ctrl-C ends the process at once, with 128 + the signal's number as shells do. Returns what takes the handlers away.
 */
export function installInterrupt(onInterrupt: () => void, says = saving): () => void {
  let first: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (first === undefined) {
      first = performance.now();
      process.stderr.write(`\n${says}\n`);
      onInterrupt();
    } else if (performance.now() - first >= SAME_PRESS_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
}
