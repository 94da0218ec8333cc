import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `.ci/run` installs what tests need of Python. */
const interpreter = fileURLToPath(new URL('../../../../.cache/python/bin/python', import.meta.url));

/** The Python interpreter of tests, if it has all of these packages; otherwise undefined, and the reason is printed. */
export function pythonWith(...packages: readonly string[]): string | undefined {
  const reason = whyNot(packages);
  if (reason === undefined) return interpreter;
  console.warn(`Skipped: ${reason}; .ci/run installs them.`);
  return undefined;
}

function whyNot(packages: readonly string[]): string | undefined {
  if (!existsSync(interpreter)) return `there is no ${interpreter} with ${packages.join(', ')}`;
  const find = `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))`;
  try {
    execFileSync(interpreter, ['-c', find, ...packages], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${interpreter} lacks one of ${packages.join(', ')}`;
  }
}
