const isSource = import.meta.url.endsWith('.ts');
/** Node 22.18 and later run TypeScript by themselves; `@types/node` of Node 20 does not know it. */
const runsTypeScript = Boolean((process.features as { readonly typescript?: string | false }).typescript);

/** A module for another thread or process. */
export interface ModuleToRun {
  readonly url: URL;
  /** It is TypeScript, which this version of Node leaves to tsx. */
  readonly needsTsx: boolean;
}

/** The module at `url`, which ends in `.ts`: that file in a clone; when compiled, the `.js` beside the compiled caller. */
export function moduleToRun(url: URL): ModuleToRun {
  if (isSource) return { url, needsTsx: !runsTypeScript };
  return { url: new URL(url.href.replace(/\.ts$/, '.js')), needsTsx: false };
}
