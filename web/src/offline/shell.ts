/** The files of the page, relative to it; the build writes them in front of the service worker. */
export interface Shell {
  /** Changes with any of the files. */
  readonly version: string;
  readonly files: readonly string[];
}
