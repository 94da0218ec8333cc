/** How often the line is drawn, in milliseconds. */
const SHOW_MS = 200;

/** A line on a terminal that says how far a run is. */
export interface Progress {
  /** A file begins, of which so many pages are to be read. */
  open(pages: number): void;
  /** A page was read, or failed. */
  page(): void;
  /** A file is done; `isEarlier` where an earlier run did it. */
  file(isEarlier: boolean): void;
  /** Removes the line, so that another can be printed. */
  clear(): void;
}

const nothing = () => undefined;
/** Shows nothing. */
export const silent: Progress = { open: nothing, page: nothing, file: nothing, clear: nothing };

/** Shows pages, pages a second and the time that is left for `files` files; nothing where `output` is no terminal. */
export function showProgress(files: number, output: NodeJS.WriteStream = process.stderr): Progress {
  if (!output.isTTY) return silent;
  const start = performance.now();
  const at = { files, done: 0, earlier: 0, pages: 0, share: 0 };
  let [filePages, shown] = [1, -Infinity];
  const show = () => {
    const now = performance.now();
    if (now - shown < SHOW_MS) return;
    shown = now;
    output.write(`\r\u001b[K${progressLine({ ...at, seconds: (now - start) / 1000 })}`);
  };
  return {
    open: (pages) => {
      filePages = Math.max(1, pages);
    },
    page: () => {
      at.pages++;
      at.share += 1 / filePages;
      show();
    },
    file: (isEarlier) => {
      at.done++;
      at.share = 0;
      if (isEarlier) at.earlier++;
      show();
    },
    clear: () => {
      output.write('\r\u001b[K');
      shown = -Infinity;
    },
  };
}

/** How far a run is. */
export interface ProgressState {
  readonly files: number;
  readonly done: number;
  /** Those of `done` that an earlier run has read. */
  readonly earlier: number;
  /** Read in this run. */
  readonly pages: number;
  /** Of the file that is being read, in [0, 1]. */
  readonly share: number;
  readonly seconds: number;
}

/** `3 of 10 files, 120 pages, 2.0 pages/s, 4 min left`. */
export function progressLine({ files, done, earlier, pages, share, seconds }: ProgressState): string {
  const now = done - earlier + share;
  const left = now === 0 ? '' : `, ${duration((seconds / now) * (files - done - share))} left`;
  const rate = seconds === 0 ? '' : `, ${(pages / seconds).toFixed(1)} pages/s`;
  return `${done} of ${files} files, ${pages} pages${rate}${left}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
