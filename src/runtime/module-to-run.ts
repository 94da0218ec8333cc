const isSource = import.meta.url.endsWith('.ts');
/** Node 22.18 and later run TypeScript by themselves; `@types/node` of Node 20 does not know it. */
const runsTypeScript = Boolean((process.features as { readonly typescript?: string | false }).typescript);

/** Modules for other threads and processes are loaded by tsx: only those of a clone, and only on older versions of Node. */
export const needsTsx = isSource && !runsTypeScript;

/** The module at `url`, which ends in `.ts`: that file in a clone; when compiled, the `.js` beside the compiled caller. */
export function moduleToRun(url: URL): URL {
  return isSource ? url : new URL(url.href.replace(/\.ts$/, '.js'));
}
