import type { ReaderInput, ReadOptions } from './reader.ts';

/** What `make` makes of the options of each input, in their order; inputs that ask alike share one result. */
export async function forEachOption<Made>(
  inputs: readonly ReaderInput<unknown>[],
  make: (options: ReadOptions) => Promise<Made>,
): Promise<Made[]> {
  const made = new Map<string, Promise<Made>>();
  const results = inputs.map(({ prepared: _prepared, ...options }) => {
    const key = JSON.stringify(options);
    const result = made.get(key) ?? make(options);
    made.set(key, result);
    return result;
  });
  return await Promise.all(results);
}
