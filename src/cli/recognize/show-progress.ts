/** How often the line is drawn, in milliseconds. */
const SHOW_MS = 200;

/** A line on a terminal that says how far a run is. */
export interface Progress {
  /** A page was read, or failed. */
  page(): void;
  /** A file is done; `isEarlier` where an earlier run did it. */
  file(isEarlier: boolean): void;
  /** Removes the line, so that another can be printed. */
  clear(): void;
}

const silent: Progress = { page: () => undefined, file: () => undefined, clear: () => undefined };

/** Shows pages, pages a second and the time that is left for `files` files; nothing where `output` is no terminal. */
export function showProgress(files: number, output: NodeJS.WriteStream = process.stderr): Progress {
  if (!output.isTTY) return silent;
  const start = performance.now();
  let [pages, done, earlier, shown] = [0, 0, 0, 0];
  const show = () => {
    const now = performance.now();
    if (now - shown < SHOW_MS) return;
    shown = now;
    const seconds = (now - start) / 1000;
    output.write(`\r\u001b[K${progressLine({ pages, done, earlier, files, seconds })}`);
  };
  return {
    page: () => {
      pages++;
      show();
    },
    file: (isEarlier) => {
      done++;
      if (isEarlier) earlier++;
      show();
    },
    clear: () => {
      output.write('\r\u001b[K');
      shown = 0;
    },
  };
}

/** `3 of 10 files, 120 pages, 2.0 pages/s, 4 min left`. */
export function progressLine(at: {
  pages: number;
  done: number;
  earlier: number;
  files: number;
  seconds: number;
}): string {
  const { pages, done, earlier, files, seconds } = at;
  const now = done - earlier;
  const left = now === 0 ? '' : `, ${duration((seconds / now) * (files - done))} left`;
  const rate = seconds === 0 ? '' : `, ${(pages / seconds).toFixed(1)} pages/s`;
  return `${done} of ${files} files, ${pages} pages${rate}${left}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
